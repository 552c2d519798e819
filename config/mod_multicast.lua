-- A multicast service for Prosody (XEP-0033): MucComponent gives it what a room says once, with everybody's address, and
-- Prosody makes the copies instead of parsing each. README.md beside this file says how to add it. Only components that are
-- attached to this server may use it, so that nobody else sends to many at our cost. Limits of a stanza's size apply as ever.

local st = require "util.stanza";
local jid_prep = require "util.jid".prep;
local dataform = require "util.dataforms".new;

local xmlns_address = "http://jabber.org/protocol/address";

-- Addresses in one stanza.
local max_addresses = module:get_option_number("multicast_max_addresses", 100);

module:depends("disco");
module:add_identity("service", "multicast", module:get_option_string("name", "Multicast"));
module:add_feature(xmlns_address);
module:add_extension(dataform {
	{ type = "hidden", name = "FORM_TYPE", value = xmlns_address };
	{ type = "text-single", name = "message" };
	{ type = "text-single", name = "presence" };
}:form({ message = tostring(max_addresses), presence = tostring(max_addresses) }, "result"));

-- With all that was to be brought, so that the sender knows what was not.
local function refuse(event, error_type, condition, text)
	local stanza = event.stanza;
	if stanza.attr.type == "error" then return true; end
	local reply = st.error_reply(stanza, error_type, condition, text);
	for _, child in ipairs(stanza.tags) do
		reply:add_direct_child(child);
	end
	event.origin.send(reply);
	return true;
end

-- Who gets a copy: addresses of these types, unless another service has brought them theirs (sections 4.5 and 4.6).
local is_recipient = { to = true, cc = true, bcc = true };

local function expand(event)
	local origin, stanza = event.origin, event.stanza;
	local addresses = stanza:get_child("addresses", xmlns_address);
	if not addresses then return; end
	if origin.type ~= "component" then
		return refuse(event, "auth", "forbidden", "Only components of this server may use its multicast service");
	end

	local recipients, rest = {}, st.stanza("addresses", { xmlns = xmlns_address });
	for address in addresses:childtags() do
		local attr = address.attr;
		local is_new = address.name == "address" and is_recipient[attr.type] and attr.delivered ~= "true";
		if is_new then
			local jid = jid_prep(attr.jid);
			if not jid then
				return refuse(event, "modify", "jid-malformed", "An address is missing or malformed");
			end
			recipients[#recipients + 1] = jid;
		end
		-- The blind ones see nothing of each other; who reads the others' names also reads that they have got it.
		if attr.type ~= "bcc" then
			address = st.clone(address);
			address.attr.delivered = is_new and "true" or attr.delivered;
			rest:add_child(address);
		end
	end
	if #recipients > max_addresses then
		return refuse(event, "modify", "not-acceptable", "Too many addresses, at most " .. max_addresses);
	end
	stanza:maptags(function (child)
		if child ~= addresses then return child; end
		if #rest.tags > 0 then return rest; end
	end);

	-- One stanza with another address each time, as Prosody's own rooms do it: whoever keeps one makes a copy.
	for _, jid in ipairs(recipients) do
		stanza.attr.to = jid;
		module:send(stanza, origin);
	end
	return true;
end

module:hook("message/host", expand);
module:hook("presence/host", expand);
