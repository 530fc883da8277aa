"""Things that go wrong while people read: each test counts requests and wrong answers."""
