/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a domain's SIP servers are (RFC 3263): NAPTR, SRV, A and AAAA, kept by their TTL. */

#include <string.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_ares.h"
#include "sip/sip_conn.h"
#include "sip/sip_dns.h"
#include "sip/sip_resolve.h"

#define SERVICES_MAX 8
#define HOSTS_MAX SIP_PEER_TARGETS_MAX

/* All look-ups of an endpoint share one channel. */
struct sip_dns {
	struct sip *sip;
	struct sip_resolve_cfg cfg;
	struct sip_ares *ares;			/* NULL: not open */
	struct llist_head all;			/* struct sip_resolve */
};

static struct sip_dns *dns_of(struct sip *sip)
{
	struct sip_dns *dns = sip->dns;

	if (dns)
		return dns;
	dns = sip->dns = talloc_zero(sip, struct sip_dns);
	dns->sip = sip;
	dns->cfg = (struct sip_resolve_cfg){ .timeout_ms = 2000, .tries = 2, .negative_ttl_s = 60, .min_ttl_s = 5,
					     .max_ttl_s = 86400 };
	INIT_LLIST_HEAD(&dns->all);
	return dns;
}

struct sip_resolve_cfg *sip_resolve_cfg(struct sip *sip)
{
	return &dns_of(sip)->cfg;
}

static bool dns_open(struct sip_dns *dns)
{
	if (!dns->ares)
		dns->ares = sip_ares_open(dns, &dns->cfg);
	return dns->ares;
}

/* ---- One look-up ---- */

struct service {
	char name[SIP_DNS_NAME_SIZE];
	enum sip_proto proto;
	uint16_t rank;
};
struct host {
	char name[SIP_DNS_NAME_SIZE];
	enum sip_proto proto;
	uint16_t port, weight;
	uint32_t rank;			/* of its service, then the priority of SRV */
};

/* What is being gathered */
struct work {
	struct service services[SERVICES_MAX];
	struct host hosts[HOSTS_MAX];
	unsigned int n_services, n_hosts, pending;
	bool asked_hosts, asked_services, has_naptr, has_srv;
	uint32_t ttl_s, negative_ttl_s;
	const char *why;		/* the last thing that went wrong */
	struct sip_target_list found;
	uint32_t ranks[SIP_PEER_TARGETS_MAX];
};

struct sip_resolve {
	struct llist_head entry;	/* of dns->all */
	struct sip_dns *dns;
	char *domain;
	uint16_t port;
	enum sip_proto proto;
	bool any_proto;
	void (*cb)(void *data);
	void *data;
	struct osmo_timer_list timer;	/* the next look-up */
	uint64_t next_ms;
	struct llist_head queries;	/* struct query */
	struct work *work;		/* NULL: nothing under way */
	struct sip_target_list found;
	const char *state;
	unsigned long n_queries, n_failed;
};

struct query {
	struct llist_head entry;
	struct sip_resolve *res;	/* NULL: nobody waits any more */
	enum sip_dns_type type;
	unsigned int no;		/* of the service or host */
};

static void advance(struct sip_resolve *res);
static void (*const use_answer[])(struct sip_resolve *res, const struct query *query,
				  const struct sip_dns_answer *answer);

static void query_done(struct sip_resolve *res, const struct query *query, const char *error, const uint8_t *octets,
		       size_t len)
{
	struct work *work = res->work;
	struct sip_dns_answer answer = {};
	bool readable = octets && len && sip_dns_parse(&answer, query->type, octets, len) == 0;

	if (!error && readable && answer.n) {
		work->ttl_s = OSMO_MIN(work->ttl_s, answer.ttl_s);
		use_answer[query->type](res, query, &answer);
		return;
	}
	if (readable && answer.ttl_s)
		work->negative_ttl_s = OSMO_MIN(work->negative_ttl_s, answer.ttl_s);
	if (error || !readable)
		work->why = error ? error : "answer cannot be read";
}

static void query_cb(void *data, const char *error, const uint8_t *octets, size_t len)
{
	struct query *query = data;
	struct sip_resolve *res = query->res;

	if (res) {
		llist_del(&query->entry);
		query_done(res, query, error, octets, len);
		res->work->pending--;
		advance(res);
	}
	talloc_free(query);
}

static void ask(struct sip_resolve *res, const char *name, enum sip_dns_type type, unsigned int no)
{
	struct query *query = talloc_zero(res->dns, struct query);

	query->res = res;
	query->type = type;
	query->no = no;
	llist_add_tail(&query->entry, &res->queries);
	res->work->pending++;
	res->n_queries++;
	sip_ares_ask(res->dns->ares, name, type, query_cb, query);
}

/* ---- Steps ---- */

static bool have_listener(const struct sip *sip, enum sip_proto proto, int family)
{
	const struct sip_sock *sock;

	llist_for_each_entry(sock, &sip->socks, entry) {
		if (sock->ops->proto == proto && (!family || sock->local.sa.sa_family == family))
			return true;
	}
	return false;
}

/* RFC 3263 4.1, RFC 4168 5 */
static const struct proto_row {
	enum sip_proto proto;
	const char *naptr, *srv;
} proto_rows[] = {
	{ SIP_PROTO_UDP, "sip+d2u", "_sip._udp." }, { SIP_PROTO_TCP, "sip+d2t", "_sip._tcp." },
	{ SIP_PROTO_TLS, "sips+d2t", "_sips._tcp." }, { SIP_PROTO_SCTP, "sip+d2s", "_sip._sctp." }, {}
};

static void add_service(struct work *work, const char *prefix, const char *name, enum sip_proto proto, uint16_t rank)
{
	struct service *service = &work->services[work->n_services];

	if (work->n_services == SERVICES_MAX || strlen(prefix) + strlen(name) >= sizeof(service->name))
		return;
	osmo_strlcpy(service->name, prefix, sizeof(service->name));
	osmo_strlcpy(service->name + strlen(prefix), name, sizeof(service->name) - strlen(prefix));
	service->proto = proto;
	service->rank = rank;
	work->n_services++;
}

static void add_host(struct work *work, const char *name, enum sip_proto proto, uint16_t port, uint32_t rank)
{
	struct host *host = &work->hosts[work->n_hosts];

	if (work->n_hosts == HOSTS_MAX || !*name)
		return;
	osmo_strlcpy(host->name, name, sizeof(host->name));
	host->proto = proto;
	host->port = port;
	host->rank = rank;
	work->n_hosts++;
}

/* 4.1: those that we speak, by order and preference */
static void use_naptr(struct sip_resolve *res, const struct query *query, const struct sip_dns_answer *answer)
{
	const struct sip_dns_record *rec, *other;
	const struct proto_row *row;
	uint16_t rank;

	for (rec = answer->all; rec < answer->all + answer->n; rec++) {
		rank = 0;
		for (other = answer->all; other < answer->all + answer->n; other++)
			rank += other->order < rec->order ||
				(other->order == rec->order && other->preference < rec->preference);
		for (row = proto_rows; row->srv && strcmp(row->naptr, rec->service); row++)
			;
		if (row->srv && !strcmp(rec->flags, "s") && *rec->name && have_listener(res->dns->sip, row->proto, 0))
			add_service(res->work, "", rec->name, row->proto, rank);
	}
	res->work->has_naptr = res->work->n_services;
}

static void use_srv(struct sip_resolve *res, const struct query *query, const struct sip_dns_answer *answer)
{
	const struct service *service = &res->work->services[query->no];
	const struct sip_dns_record *rec;
	struct work *work = res->work;
	unsigned int before;

	work->has_srv = true;
	for (rec = answer->all; rec < answer->all + answer->n; rec++) {
		before = work->n_hosts;
		add_host(work, rec->name, service->proto, rec->port, (uint32_t)service->rank << 16 | rec->order);
		if (work->n_hosts > before)
			work->hosts[before].weight = rec->preference;
	}
}

static void use_addr(struct sip_resolve *res, const struct query *query, const struct sip_dns_answer *answer)
{
	const struct host *host = &res->work->hosts[query->no];
	struct sip_target_list *list = &res->work->found;
	unsigned int i;

	for (i = 0; i < answer->n && list->n < SIP_PEER_TARGETS_MAX; i++, list->n++) {
		list->all[list->n].addr = answer->all[i].addr;
		sip_sockaddr_set_port(&list->all[list->n].addr, host->port);
		list->all[list->n].proto = host->proto;
		list->all[list->n].weight = host->weight;
		list->all[list->n].from_dns = true;
		/* of one host's addresses those of IPv6 first (RFC 6724, RFC 7984 4) */
		res->work->ranks[list->n] = host->rank << 1 | (query->type == SIP_DNS_A);
	}
}

static void (*const use_answer[])(struct sip_resolve *res, const struct query *query,
				  const struct sip_dns_answer *answer) = {
	[SIP_DNS_A] = use_addr, [SIP_DNS_AAAA] = use_addr,
	[SIP_DNS_SRV] = use_srv, [SIP_DNS_NAPTR] = use_naptr,
};

/* 4.1: without NAPTR, SRV of each transport that we speak */
static void ask_services(struct sip_resolve *res)
{
	struct work *work = res->work;
	const struct proto_row *row;
	unsigned int i;

	for (row = proto_rows; row->srv && (!res->any_proto || !work->has_naptr); row++) {
		if (res->any_proto ? have_listener(res->dns->sip, row->proto, 0) : row->proto == res->proto)
			add_service(work, row->srv, res->domain, row->proto, row - proto_rows);
	}
	for (i = 0; i < work->n_services; i++)
		ask(res, work->services[i].name, SIP_DNS_SRV, i);
}

/* 4.2: without SRV, the domain itself; RFC 2782: "." says that the service is not there */
static void ask_hosts(struct sip_resolve *res)
{
	enum sip_proto proto = res->any_proto ? SIP_PROTO_UDP : res->proto;
	struct work *work = res->work;
	uint16_t port = res->port ? res->port : proto == SIP_PROTO_TLS ? SIPS_PORT : SIP_PORT;
	unsigned int i, n;

	if (!work->n_hosts && !work->has_srv)
		add_host(work, res->domain, proto, port, 0);
	n = work->n_hosts;
	for (i = 0; i < n; i++) {
		if (have_listener(res->dns->sip, work->hosts[i].proto, AF_INET))
			ask(res, work->hosts[i].name, SIP_DNS_A, i);
		if (have_listener(res->dns->sip, work->hosts[i].proto, AF_INET6))
			ask(res, work->hosts[i].name, SIP_DNS_AAAA, i);
	}
}

/* ---- The end of a look-up, and the next one ---- */

static void schedule(struct sip_resolve *res, uint32_t s)
{
	const struct sip_resolve_cfg *cfg = &res->dns->cfg;

	s = OSMO_MAX(OSMO_MIN(s, cfg->max_ttl_s), cfg->min_ttl_s);
	res->next_ms = sip_conn_now_ms() + s * 1000ULL;
	osmo_timer_schedule(&res->timer, s, 0);
}

/* The list has ranks of 32 bits, a target 16: the order is what counts. */
static void set_priorities(struct work *work)
{
	unsigned int i, j;

	for (i = 0; i < work->found.n; i++) {
		for (j = 0; j < work->found.n; j++)
			work->found.all[i].priority += work->ranks[j] < work->ranks[i];
	}
}

/* The best first; answers come in any order. */
static void sort(struct work *work)
{
	struct sip_target_list list = { .n = work->found.n };
	unsigned int i, j, at;

	for (i = 0; i < list.n; i++) {
		at = 0;
		for (j = 0; j < list.n; j++)
			at += work->found.all[j].priority < work->found.all[i].priority ||
			      (work->found.all[j].priority == work->found.all[i].priority && j < i);
		list.all[at] = work->found.all[i];
	}
	work->found = list;
}

static void finish(struct sip_resolve *res)
{
	struct work *work = res->work;
	bool found = work->found.n;
	const char *state = found ? "found" : work->why ? work->why : "no address";
	int level = strcmp(res->state, state) ? LOGL_NOTICE : LOGL_INFO;

	res->work = NULL;
	if (found) {
		set_priorities(work);
		sort(work);
		res->found = work->found;
		LOGP(DSIP, level, "dns: %s has %u addresses\n", res->domain, res->found.n);
		res->state = state;
		schedule(res, work->ttl_s);
	} else {
		res->n_failed++;
		res->state = state;
		LOGP(DSIP, level, "dns: %s: %s%s\n", res->domain, res->state,
		     res->found.n ? "; what was found before is used on" : "");
		schedule(res, work->negative_ttl_s);
	}
	talloc_free(work);
	if (found)
		res->cb(res->data);
}

/* The next step once no answer is waited for */
static void advance(struct sip_resolve *res)
{
	struct work *work = res->work;

	while (!work->pending) {
		work->pending++;	/* answers may come at once */
		if (!work->asked_services && !res->port) {
			work->asked_services = true;
			ask_services(res);
		} else if (!work->asked_hosts) {
			work->asked_hosts = true;
			ask_hosts(res);
		} else {
			finish(res);
			return;
		}
		work->pending--;
	}
}

static void forget_queries(struct sip_resolve *res)
{
	struct query *query, *next;

	llist_for_each_entry_safe(query, next, &res->queries, entry) {
		llist_del(&query->entry);
		query->res = NULL;
	}
	TALLOC_FREE(res->work);
}

static void look_up(void *data)
{
	struct sip_resolve *res = data;

	forget_queries(res);
	if (!dns_open(res->dns)) {
		schedule(res, res->dns->cfg.negative_ttl_s);
		return;
	}
	res->work = talloc_zero(res, struct work);
	res->work->ttl_s = UINT32_MAX;
	res->work->negative_ttl_s = res->dns->cfg.negative_ttl_s;
	res->work->pending = 1;
	if (res->any_proto && !res->port)
		ask(res, res->domain, SIP_DNS_NAPTR, 0);
	res->work->pending--;
	advance(res);
}

/* ---- Life ---- */

struct sip_resolve *sip_resolve_start(struct sip *sip, const struct sip_resolve_query *query)
{
	struct sip_dns *dns = dns_of(sip);
	struct sip_resolve *res = talloc_zero(dns, struct sip_resolve);

	res->dns = dns;
	res->domain = talloc_strdup(res, query->domain);
	res->port = query->port;
	res->proto = query->proto;
	res->any_proto = query->any_proto;
	res->cb = query->cb;
	res->data = query->data;
	res->state = "looking up";
	INIT_LLIST_HEAD(&res->queries);
	llist_add_tail(&res->entry, &dns->all);
	osmo_timer_setup(&res->timer, look_up, res);
	osmo_timer_schedule(&res->timer, 0, 0);
	return res;
}

void sip_resolve_free(struct sip_resolve *res)
{
	if (!res)
		return;
	osmo_timer_del(&res->timer);
	forget_queries(res);
	llist_del(&res->entry);
	talloc_free(res);
}

static void dns_close(struct sip_dns *dns)
{
	struct sip_ares *ares = dns->ares;

	dns->ares = NULL;
	if (ares)
		sip_ares_close(ares);
}

void sip_resolve_restart(struct sip *sip)
{
	struct sip_dns *dns = dns_of(sip);
	struct sip_resolve *res;

	llist_for_each_entry(res, &dns->all, entry) {
		forget_queries(res);
		osmo_timer_schedule(&res->timer, 0, 0);
	}
	dns_close(dns);
}

void sip_resolve_end_all(struct sip *sip)
{
	struct sip_resolve *res, *next;

	if (!sip->dns)
		return;
	llist_for_each_entry_safe(res, next, &sip->dns->all, entry)
		sip_resolve_free(res);
	dns_close(sip->dns);
}

void sip_resolve_add_to(const struct sip_resolve *res, struct sip_target_list *list)
{
	unsigned int i;

	for (i = 0; i < res->found.n && list->n < SIP_PEER_TARGETS_MAX; i++)
		list->all[list->n++] = res->found.all[i];
}

void sip_resolve_info(const struct sip_resolve *res, struct sip_resolve_info *info)
{
	uint64_t now = sip_conn_now_ms();

	*info = (struct sip_resolve_info){
		.domain = res->domain, .state = res->work && !res->found.n ? "looking up" : res->state,
		.addresses = res->found.n, .queries = res->n_queries, .failed = res->n_failed,
		.next_s = res->next_ms > now ? (res->next_ms - now + 999) / 1000 : 0,
	};
}
