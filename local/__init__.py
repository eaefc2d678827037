"""The local run: embedded servers, the supervisor, the test plugin. Production never imports it."""
