/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of SIP over TLS: node tls, a peer's identity, reload, show sip tls. */

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip/sip_peer.h"
#include "sip/sip_tls.h"

#include "gw.h"
#include "gw_vty.h"

static struct cmd_node tls_node = { TLS_NODE, "%s(config-sip-tls)# ", 1 };

static struct sip_tls_cfg *cfg_of(void)
{
	return sip_tls_cfg(g_gw->sip);
}

static void set_text(char **text, const char *value)
{
	talloc_free(*text);
	*text = value ? talloc_strdup(g_gw->sip, value) : NULL;
}

DEFUN(cfg_tls, cfg_tls_cmd,
      "tls", "Configure TLS: certificate, trust, policy; in force from 'sip tls reload' or SIGHUP on\n")
{
	gw_config_note(vty, "tls");
	vty->node = TLS_NODE;
	return CMD_SUCCESS;
}

/* The daemon leaves the directory it was started in. */
static int set_file(struct vty *vty, char **text, const char *word, const char *path)
{
	if (path[0] != '/')
		return gw_config_refuse(vty, "%s %s: a path that begins with / is needed", word, path);
	set_text(text, path);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_tls_certificate, cfg_tls_certificate_cmd,
      "certificate FILE", "Our certificate, followed by those between it and its root\n" "PEM file\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_file(vty, &cfg_of()->certificate, "certificate", argv[0]);
}

DEFUN_ATTR(cfg_tls_private_key, cfg_tls_private_key_cmd,
      "private-key FILE", "The key of our certificate\n" "PEM file\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_file(vty, &cfg_of()->private_key, "private-key", argv[0]);
}

DEFUN_ATTR(cfg_tls_ca_file, cfg_tls_ca_file_cmd,
      "ca-file FILE", "Whom we trust to sign others' certificates\n" "PEM file\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_file(vty, &cfg_of()->ca_file, "ca-file", argv[0]);
}

DEFUN_ATTR(cfg_tls_no_ca_file, cfg_tls_no_ca_file_cmd,
      "no ca-file", NO_STR "Trust those that the system trusts\n",
      CMD_ATTR_IMMEDIATE)
{
	set_text(&cfg_of()->ca_file, NULL);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_tls_crl_file, cfg_tls_crl_file_cmd,
      "crl-file FILE", "Lists of revoked certificates, one of each that signs others' certificates\n" "PEM file\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_file(vty, &cfg_of()->crl_file, "crl-file", argv[0]);
}

DEFUN_ATTR(cfg_tls_no_crl_file, cfg_tls_no_crl_file_cmd,
      "no crl-file", NO_STR "Do not look whether certificates are revoked\n",
      CMD_ATTR_IMMEDIATE)
{
	set_text(&cfg_of()->crl_file, NULL);
	return CMD_SUCCESS;
}

static const struct value_string verify_names[] = {
	{ SIP_TLS_VERIFY_NONE, "none" },
	{ SIP_TLS_VERIFY_OPTIONAL, "optional" },
	{ SIP_TLS_VERIFY_REQUIRED, "required" },
	{ 0, NULL }
};

DEFUN_ATTR(cfg_tls_verify_client, cfg_tls_verify_client_cmd,
      "verify-client (none|optional|required)", "Whether those that connect must have a certificate\n"
      "It is not asked for\n" "It must be good where there is one\n" "It must be there and good\n",
      CMD_ATTR_IMMEDIATE)
{
	cfg_of()->verify_client = get_string_value(verify_names, argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_tls_verify_server, cfg_tls_verify_server_cmd,
      "verify-server", "Connect only to those whose certificate is good and of their name (RFC 5922)\n",
      CMD_ATTR_IMMEDIATE)
{
	cfg_of()->no_verify_server = false;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_tls_no_verify_server, cfg_tls_no_verify_server_cmd,
      "no verify-server", NO_STR "Connect to anybody: encrypted, but perhaps to a stranger\n",
      CMD_ATTR_IMMEDIATE)
{
	cfg_of()->no_verify_server = true;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_tls_min_version, cfg_tls_min_version_cmd,
      "min-version (1.2|1.3)", "Oldest version of TLS that is spoken\n" "RFC 5246\n" "RFC 8446\n",
      CMD_ATTR_IMMEDIATE)
{
	cfg_of()->min_1_3 = !strcmp(argv[0], "1.3");
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_tls_ciphers, cfg_tls_ciphers_cmd,
      "ciphers LIST", "Cipher suites of TLS 1.2\n" "In OpenSSL's notation, see ciphers(1)\n",
      CMD_ATTR_IMMEDIATE)
{
	set_text(&cfg_of()->ciphers, argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_tls_ciphersuites, cfg_tls_ciphersuites_cmd,
      "ciphersuites LIST", "Cipher suites of TLS 1.3\n" "Names with ':' between them\n",
      CMD_ATTR_IMMEDIATE)
{
	set_text(&cfg_of()->ciphersuites, argv[0]);
	return CMD_SUCCESS;
}

void gw_vty_sip_tls_write(struct vty *vty)
{
	const struct sip_tls_cfg *cfg = cfg_of();
	const struct { const char *word, *value; } texts[] = {
		{ "certificate", cfg->certificate }, { "private-key", cfg->private_key }, { "ca-file", cfg->ca_file },
		{ "crl-file", cfg->crl_file },
		{ "ciphers", cfg->ciphers }, { "ciphersuites", cfg->ciphersuites },
	};
	size_t i;

	vty_out(vty, " tls%s", VTY_NEWLINE);
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (texts[i].value)
			vty_out(vty, "  %s %s%s", texts[i].word, texts[i].value, VTY_NEWLINE);
	}
	vty_out(vty, "  verify-client %s%s", get_value_string(verify_names, cfg->verify_client), VTY_NEWLINE);
	vty_out(vty, "  %sverify-server%s", cfg->no_verify_server ? "no " : "", VTY_NEWLINE);
	vty_out(vty, "  min-version %s%s", cfg->min_1_3 ? "1.3" : "1.2", VTY_NEWLINE);
}

/* ---- A peer's ---- */

DEFUN_ATTR(cfg_peer_tls_identity, cfg_peer_tls_identity_cmd,
      "tls-identity DOMAIN", "What the peer's certificate must be of, and its server name (RFC 5922)\n"
      "Domain; without one it is the address\n",
      CMD_ATTR_IMMEDIATE)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(vty->index);

	talloc_free(cfg->domain);
	cfg->domain = talloc_strdup(vty->index, argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_no_tls_identity, cfg_peer_no_tls_identity_cmd,
      "no tls-identity", NO_STR "The certificate must be of the peer's address\n",
      CMD_ATTR_IMMEDIATE)
{
	TALLOC_FREE(sip_peer_cfg(vty->index)->domain);
	return CMD_SUCCESS;
}

/* ---- At the prompt ---- */

DEFUN(sip_tls_reload_vty, sip_tls_reload_cmd,
      "sip tls reload", "SIP\n" "TLS\n" "Read certificates and keys anew; connections that are up go on\n")
{
	char why[256];

	if (sip_tls_reload(g_gw->sip, why, sizeof(why)) < 0)
		return gw_config_refuse(vty, "%s; what was in force stays so", why);
	return CMD_SUCCESS;
}

DEFUN(show_sip_tls, show_sip_tls_cmd,
      "show sip tls", SHOW_STR "SIP\n" "TLS: our certificate, handshakes\n")
{
	struct sip_tls_info info;

	sip_tls_info(g_gw->sip, &info);
	if (info.ready)
		vty_out(vty, "Certificate of %s, until %s%s", info.subject, info.not_after, VTY_NEWLINE);
	else
		vty_out(vty, "No certificate%s", VTY_NEWLINE);
	vty_out(vty, "%lu handshakes, %lu of them resumed, %lu failed; %u sessions to resume%s", info.handshakes,
		info.resumed, info.failed, info.sessions, VTY_NEWLINE);
	return CMD_SUCCESS;
}

void gw_vty_sip_tls_init(void)
{
	install_element(SIP_NODE, &cfg_tls_cmd);
	install_node(&tls_node, NULL);
	install_element(TLS_NODE, &cfg_tls_certificate_cmd);
	install_element(TLS_NODE, &cfg_tls_private_key_cmd);
	install_element(TLS_NODE, &cfg_tls_ca_file_cmd);
	install_element(TLS_NODE, &cfg_tls_no_ca_file_cmd);
	install_element(TLS_NODE, &cfg_tls_crl_file_cmd);
	install_element(TLS_NODE, &cfg_tls_no_crl_file_cmd);
	install_element(TLS_NODE, &cfg_tls_verify_client_cmd);
	install_element(TLS_NODE, &cfg_tls_verify_server_cmd);
	install_element(TLS_NODE, &cfg_tls_no_verify_server_cmd);
	install_element(TLS_NODE, &cfg_tls_min_version_cmd);
	install_element(TLS_NODE, &cfg_tls_ciphers_cmd);
	install_element(TLS_NODE, &cfg_tls_ciphersuites_cmd);
	install_element(PEER_NODE, &cfg_peer_tls_identity_cmd);
	install_element(PEER_NODE, &cfg_peer_no_tls_identity_cmd);
	install_element(ENABLE_NODE, &sip_tls_reload_cmd);
	install_element_ve(&show_sip_tls_cmd);
}
