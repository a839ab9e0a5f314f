"""Several hosts on one machine: network namespaces with an address and a link each, and servers they can reach."""
