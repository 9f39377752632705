"""The attack on a publication: what someone who knows the rules can work out from what is published."""
