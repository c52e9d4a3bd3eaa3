"""Our HTTP doors on real servers, without the rooms above accounts."""
