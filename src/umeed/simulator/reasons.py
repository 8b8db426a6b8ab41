"""Why the demonstration writes what it writes: kept in the chain as it stands here, told in each reader's language."""

from umeed.kernel.refusals import N_

INVENTED = N_("Invented for the demonstration")
SPLIT = N_(
    "Invented for the demonstration: a block split in the middle of a year, so that both halves keep their history."
)
FILED = N_("Which block a village lies in is invented for the demonstration")
NO_POSTING = N_("Demonstration: somebody who has no posting yet")
POSTED = N_("Demonstration")
ALL = (INVENTED, SPLIT, FILED, NO_POSTING, POSTED)
