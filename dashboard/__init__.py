"""The shell around the pages: server, gate, sign-in, navigation, session; and what pages draw."""
