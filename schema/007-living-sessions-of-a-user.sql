-- A user's living sessions are found without those that have ended, which
-- stay for a while: somebody who logs in all the time has many of them.

ALTER TABLE session ADD KEY user_ended (user_id, ended_ms), DROP KEY user_id;
