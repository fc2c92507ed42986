-- SPDX-License-Identifier: GPL-3.0-or-later
-- M3UA over TCP for tshark 4.0, which knows it over SCTP only: tshark -X lua_script:m3ua_tcp.lua -r FILE

local PORT = 2905
local HEADER = 8	-- RFC 4666 3.1: the length is in octets 4 to 7 of the common header

local m3ua_tcp = Proto("m3ua_tcp", "M3UA over TCP")
local m3ua = Dissector.get("m3ua")

local function message_length(tvb, _, offset)
	return math.max(tvb(offset + 4, 4):uint(), HEADER)
end

local function message(tvb, pinfo, tree)
	m3ua:call(tvb, pinfo, tree)
	return tvb:len()
end

function m3ua_tcp.dissector(tvb, pinfo, tree)
	dissect_tcp_pdus(tvb, tree, HEADER, message_length, message)
	return tvb:len()
end

DissectorTable.get("tcp.port"):add(PORT, m3ua_tcp)
