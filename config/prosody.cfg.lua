-- Prosody with rooms at conference.localhost, served by MucComponent.
-- The tests run this very file. On a Prosody that you run already, the last block is all you add;
-- put your own domain for localhost. The secret comes from the environment variable MUC_SECRET,
-- the same for Prosody and for MucComponent; without it nobody can attach.

-- The server itself: accounts that can log in, safely, and find the rooms.
modules_enabled = {
	"saslauth"; -- logging in
	"tls"; -- encrypted, which clients insist on
	"roster"; -- contacts
	"disco"; -- lets clients find the room service by themselves
}

VirtualHost "localhost"

-- The rooms. No "muc" after the name: that would be Prosody's own rooms in this place.
Component "conference.localhost"
	component_secret = ENV_MUC_SECRET
	-- A restarted MucComponent takes over at once, even where the old connection looks alive still.
	component_conflict_resolve = "kick_old"
