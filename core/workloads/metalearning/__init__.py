"""Learning to configure: which settings of a kind serve best, learned across tasks, searched for one."""
