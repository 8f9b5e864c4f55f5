"""How much of anything from outside is looked at: each limit is checked before work is done.

They are far above what portals send, and low enough that a packet of the worst kind takes less than
a second and a source no more than some hundred megabytes. `docs/intake.md` names each one.
"""

MAX_JSON = 1024 * 1024
"""Bytes of a packet's JSON."""
MAX_DEPTH = 8
"""Lists and objects inside one another; a packet has three."""
MAX_VALUES = 2_000
"""Values in a packet; the longest service has some 150."""
MAX_ITEMS = 200
"""Entries of one list, and keys of one object."""
MAX_FILES = 40
"""Pictures that a packet may list; each may be as large as its material allows."""
MAX_DECODING = 8
"""Seconds of processor time that a packet's pictures take together, whatever the clock says; of
those left over none is opened. A photograph of 12 million pixels takes a tenth or two."""
MAX_PROBLEMS = 100
"""Problems of one packet that are told; of the rest, how many there are."""
MAX_TOLD = 20_000
"""Problems told of all packets of a source; beyond them, the first one of each."""
MAX_FOLDERS = 3
"""Folders between the source and a file."""
MAX_NAME = 500
"""Characters of a file's name within its source, folders included."""
MAX_NAMES = 100_000
"""Files of a source."""
MAX_DIRECTORY = 16 * 1024 * 1024
"""Bytes of the list of files at the end of a zip."""
MAX_RATIO = 200
"""How many times larger a member of a zip may be than its compressed form, from 1 MB on."""
MAX_REFUSED = 100
"""Files left out that are told by name; of the rest, how many there are."""
