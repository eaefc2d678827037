"""Jobs that misbehave on demand, for the tests of the machinery; never part of the product."""
