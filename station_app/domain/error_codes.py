"""The code of every fault that a person can mend: one a fault, whoever raises it.

Grouped by their first word. A snapshot's refusals have an enum of their own, beside their sentences
(`snapshots.refusals`), and so have a slip printer's states (`domain.slips`).
"""

# A code about a passphrase is none.
# ruff: noqa: S105

from enum import StrEnum


class Code(StrEnum):
    """What a `KnownError` is raised with; the value is what JSON and journals hold."""

    # attempts
    ATTEMPTS_DAMAGED = "attempts_damaged"
    ATTEMPTS_FILE_EXPOSED = "attempts_file_exposed"
    ATTEMPTS_MISSING = "attempts_missing"
    ATTEMPTS_UNREADABLE = "attempts_unreadable"

    # batch
    BATCH_LINE_MISSING = "batch_line_missing"
    BATCH_LINE_TAKEN = "batch_line_taken"
    BATCH_OTHER_LAPTOP = "batch_other_laptop"

    # camera
    CAMERA_BUSY = "camera_busy"
    CAMERA_LOST = "camera_lost"
    CAMERA_NO_PICTURE = "camera_no_picture"
    CAMERA_NOT_PERMITTED = "camera_not_permitted"
    CAMERA_SEVERAL = "camera_several"

    # collection
    COLLECTION_ELECTION = "collection_election"
    COLLECTION_KIND = "collection_kind"
    COLLECTION_MISSING = "collection_missing"
    COLLECTION_OFFSET = "collection_offset"
    COLLECTION_VERSION = "collection_version"

    # commission
    COMMISSION_KEY_DAMAGED = "commission_key_damaged"
    COMMISSION_KEY_EXISTS = "commission_key_exists"
    COMMISSION_KEY_FILE_EXPOSED = "commission_key_file_exposed"
    COMMISSION_KEY_MISSING = "commission_key_missing"
    COMMISSION_KEY_UNREADABLE = "commission_key_unreadable"

    # database
    DATABASE_ENCODING = "database_encoding"
    DATABASE_FORBIDDEN = "database_forbidden"
    DATABASE_FULL = "database_full"
    DATABASE_LOST = "database_lost"
    DATABASE_UNREACHABLE = "database_unreachable"
    DATABASE_URL = "database_url"
    DATABASE_URL_PASSWORD = "database_url_password"

    # display
    DISPLAY_LOST = "display_lost"

    # embeddings
    EMBEDDINGS_UNREADABLE = "embeddings_unreadable"

    # face
    FACE_ENGINE_MISSING = "face_engine_missing"

    # folder
    FOLDER_EMPTY = "folder_empty"
    FOLDER_MISNAMED = "folder_misnamed"
    FOLDER_MISSING = "folder_missing"
    FOLDER_NOT_EMPTY = "folder_not_empty"
    FOLDER_TOO_FEW = "folder_too_few"
    FOLDER_TWICE = "folder_twice"

    # identity
    IDENTITY_DAMAGED = "identity_damaged"
    IDENTITY_EXISTS = "identity_exists"
    IDENTITY_FILE_EXPOSED = "identity_file_exposed"
    IDENTITY_MISSING = "identity_missing"
    IDENTITY_NOT_ACCEPTED = "identity_not_accepted"
    IDENTITY_OTHER_KIND = "identity_other_kind"
    IDENTITY_UNREADABLE = "identity_unreadable"

    # image
    IMAGE_RESOLUTION = "image_resolution"
    IMAGE_TOO_LARGE = "image_too_large"
    IMAGE_TOO_SMALL = "image_too_small"
    IMAGE_UNREADABLE = "image_unreadable"

    # journal
    JOURNAL_DAMAGED = "journal_damaged"
    JOURNAL_EXCHANGED = "journal_exchanged"
    JOURNAL_GONE = "journal_gone"
    JOURNAL_HEAD_DAMAGED = "journal_head_damaged"
    JOURNAL_HEAD_MISSING = "journal_head_missing"
    JOURNAL_MISSING = "journal_missing"
    JOURNAL_NOT_OURS = "journal_not_ours"
    JOURNAL_OF_OTHER_LIST = "journal_of_other_list"
    JOURNAL_ROLLED_BACK = "journal_rolled_back"
    JOURNAL_SEALED = "journal_sealed"
    JOURNAL_VERSION = "journal_version"
    NOT_A_JOURNAL = "not_a_journal"

    # key
    KEY_DAMAGED = "key_damaged"
    KEY_FILE_EXPOSED = "key_file_exposed"
    KEY_MISSING = "key_missing"
    KEY_UNREADABLE = "key_unreadable"

    # lesson
    LESSON_REFUSED = "lesson_refused"
    LESSON_UNKNOWN = "lesson_unknown"
    LESSON_UNREADABLE = "lesson_unreadable"
    LESSONS_CLOSED = "lessons_closed"

    # list
    LIST_COMPARING_STOPPED = "list_comparing_stopped"
    LIST_DAMAGED = "list_damaged"
    LIST_IDS_CHANGED = "list_ids_changed"
    LIST_LACKS_ACCEPTED = "list_lacks_accepted"
    LIST_MISSING = "list_missing"
    LIST_OTHER_ELECTION_DAY = "list_other_election_day"
    LIST_ROLLED_BACK = "list_rolled_back"
    LIST_VERSION = "list_version"
    LIST_WITHDRAWN = "list_withdrawn"
    LIST_WITHDRAWN_LAST = "list_withdrawn_last"
    LIVE_OF_INVENTED = "live_of_invented"
    NOT_A_LIST = "not_a_list"

    # log
    LOG_DAMAGED = "log_damaged"
    LOG_MISSING = "log_missing"
    LOG_OF_NO_STATION = "log_of_no_station"
    LOG_OTHER_ELECTION = "log_other_election"
    LOG_OTHER_KIND = "log_other_kind"
    LOG_SOURCE_UNREADABLE = "log_source_unreadable"
    LOG_UNREADABLE = "log_unreadable"

    # mirror
    MIRROR_CATCHING_UP = "mirror_catching_up"
    MIRROR_DAMAGED = "mirror_damaged"
    MIRROR_FOREIGN = "mirror_foreign"
    MIRROR_FULL = "mirror_full"
    MIRROR_MISSING = "mirror_missing"
    MIRROR_SAME_DISK = "mirror_same_disk"
    MIRROR_SEVERAL = "mirror_several"
    MIRROR_SLOW = "mirror_slow"
    MIRROR_UNWRITABLE = "mirror_unwritable"
    MIRROR_WITHOUT_RECIPIENT = "mirror_without_recipient"

    # no
    NO_DISPLAY = "no_display"
    NO_FINGER_IMAGE = "no_finger_image"
    NO_PERMISSION = "no_permission"
    NO_READ_PERMISSION = "no_read_permission"
    NO_FACE = "no_face"
    NO_RIDGES = "no_ridges"
    NO_WRITE_PERMISSION = "no_write_permission"

    # pairs
    PAIRS_UNREADABLE = "pairs_unreadable"

    # passphrase
    PASSPHRASE_BUSY = "passphrase_busy"
    PASSPHRASE_DAMAGED = "passphrase_damaged"
    PASSPHRASE_DIFFERS = "passphrase_differs"
    PASSPHRASE_FILE_EXPOSED = "passphrase_file_exposed"
    PASSPHRASE_GUESSABLE = "passphrase_guessable"
    PASSPHRASE_MISSING = "passphrase_missing"
    PASSPHRASE_SHARED = "passphrase_shared"
    PASSPHRASE_SHORT = "passphrase_short"
    PASSPHRASE_UNREADABLE = "passphrase_unreadable"
    PASSPHRASE_UNUSABLE = "passphrase_unusable"

    # people
    PEOPLE_CHANGED = "people_changed"
    PEOPLE_DAMAGED = "people_damaged"
    PEOPLE_FILE_EXPOSED = "people_file_exposed"
    PEOPLE_MISSING = "people_missing"
    PEOPLE_UNREADABLE = "people_unreadable"

    # pins
    PINS_CHANGED = "pins_changed"
    PINS_DAMAGED = "pins_damaged"
    PINS_DIFFER = "pins_differ"
    PINS_FILE_EXPOSED = "pins_file_exposed"
    PINS_MISSING = "pins_missing"
    PINS_UNREADABLE = "pins_unreadable"

    # proof
    PROOF_DAMAGED = "proof_damaged"
    PROOF_FAILS = "proof_fails"
    PROOF_FILE_EXPOSED = "proof_file_exposed"
    PROOF_MISSING = "proof_missing"
    PROOF_UNREADABLE = "proof_unreadable"

    # register
    REGISTER_CHANGED = "register_changed"
    REGISTER_COLUMNS = "register_columns"
    REGISTER_DUPLICATE = "register_duplicate"
    REGISTER_EMPTY = "register_empty"
    REGISTER_ENCODING = "register_encoding"
    REGISTER_MISSING = "register_missing"
    REGISTER_PRECINCTS = "register_precincts"

    # scanner
    SCANNER_BUSY = "scanner_busy"
    SCANNER_DRIVER_MISSING = "scanner_driver_missing"
    SCANNER_NOT_PERMITTED = "scanner_not_permitted"
    SCANNER_PROGRAM_REFUSED = "scanner_program_refused"
    SCANNER_RESOLUTION = "scanner_resolution"
    SCANNER_UNFIT = "scanner_unfit"
    SCANNER_UNPROVEN = "scanner_unproven"

    # secrets
    SECRETS_DAMAGED = "secrets_damaged"
    SECRETS_FILE_EXPOSED = "secrets_file_exposed"
    SECRETS_MISSING = "secrets_missing"
    SECRETS_OLDER = "secrets_older"
    SECRETS_UNREADABLE = "secrets_unreadable"

    # settings
    SETTINGS_CHANGED_UNSIGNED = "settings_changed_unsigned"
    SETTINGS_MISSING = "settings_missing"
    SETTINGS_NEED_TWO = "settings_need_two"
    SETTINGS_REFUSED = "settings_refused"
    SETTINGS_UNREADABLE = "settings_unreadable"
    SETTINGS_UNSIGNED = "settings_unsigned"

    # station
    STATION_EXISTS = "station_exists"
    STATION_LOCKED = "station_locked"
    STATION_MISSING = "station_missing"
    STATION_OTHER = "station_other"

    # takeover
    TAKEOVER_BEHIND = "takeover_behind"
    TAKEOVER_BLIND = "takeover_blind"
    TAKEOVER_EXCHANGED = "takeover_exchanged"
    TAKEOVER_HEAD_FOREIGN = "takeover_head_foreign"
    TAKEOVER_HEAD_UNREADABLE = "takeover_head_unreadable"
    TAKEOVER_HISTORY_REFUSED = "takeover_history_refused"
    TAKEOVER_LIST_SEALED = "takeover_list_sealed"
    TAKEOVER_MEDIUM = "takeover_medium"
    TAKEOVER_MIRROR_SEALED = "takeover_mirror_sealed"
    TAKEOVER_MISSING = "takeover_missing"
    TAKEOVER_NEEDS_KEY = "takeover_needs_key"
    TAKEOVER_NOT_A_PACK = "takeover_not_a_pack"
    TAKEOVER_NOT_FOR_US = "takeover_not_for_us"
    TAKEOVER_OTHER_HISTORY = "takeover_other_history"
    TAKEOVER_OTHER_MIRROR = "takeover_other_mirror"
    TAKEOVER_OTHER_PERSON = "takeover_other_person"
    TAKEOVER_OTHER_PLAN = "takeover_other_plan"
    TAKEOVER_OTHER_SNAPSHOT = "takeover_other_snapshot"
    TAKEOVER_SAME_STATION = "takeover_same_station"
    TAKEOVER_SIGNATURE = "takeover_signature"
    TAKEOVER_STATION_AT_WORK = "takeover_station_at_work"
    TAKEOVER_TRUNCATED = "takeover_truncated"
    TAKEOVER_UNFINISHED = "takeover_unfinished"

    # template
    TEMPLATE_EMPTY = "template_empty"
    TEMPLATE_ENGINE = "template_engine"
    TEMPLATE_RESOLUTION = "template_resolution"
    TEMPLATE_TOO_LARGE = "template_too_large"
    TEMPLATE_UNREADABLE = "template_unreadable"

    # others
    ACT_REFUSED = "act_refused"
    ALARM_UNKNOWN = "alarm_unknown"
    ALREADY_RUNNING = "already_running"
    APPROVAL_EXPIRED = "approval_expired"
    BENCH_TOO_FEW = "bench_too_few"
    BUILD_BUSY = "build_busy"
    BUILD_STATE_DAMAGED = "build_state_damaged"
    BATTERY_EMPTY = "battery_empty"
    BUNDLE_DAMAGED = "bundle_damaged"
    BUNDLE_MISSING = "bundle_missing"
    BUNDLE_UNREADABLE = "bundle_unreadable"
    CARD_SERVICE_MISSING = "card_service_missing"
    CENTRE_EXTRA_MISSING = "centre_extra_missing"
    CLOCK_WRONG = "clock_wrong"
    COUNTS_CHANGED = "counts_changed"
    DAY_REFUSED = "day_refused"
    DESK_FAILED = "desk_failed"
    DESK_STOPPED = "desk_stopped"
    DEVICE_FAULT = "device_fault"
    DEVICE_LOST = "device_lost"
    DIGITS_INCOMPLETE = "digits_incomplete"
    DIGITS_OF_NOBODY = "digits_of_nobody"
    DISK_FAULT = "disk_fault"
    DISK_FULL = "disk_full"
    DOCUMENT_READER_FAULT = "document_reader_fault"
    DOCUMENT_READER_LOST = "document_reader_lost"
    ELECTION_OVER = "election_over"
    ELECTION_UNNAMED = "election_unnamed"
    ENTRY_TOO_LONG = "entry_too_long"
    EVENTS_UNREADABLE = "events_unreadable"
    EXPORT_FOLDER_MISSING = "export_folder_missing"
    EXPORT_NOT_READ_BACK = "export_not_read_back"
    FILE_EXISTS = "file_exists"
    FILE_TOO_LARGE = "file_too_large"
    FILE_UNWRITABLE = "file_unwritable"
    FINGER_DISAGREES = "finger_disagrees"
    FINGERS_ALONE = "fingers_alone"
    FINGERS_NOT_ENROLLABLE = "fingers_not_enrollable"
    FONTS_MISSING = "fonts_missing"
    FOREIGN_JOURNAL = "foreign_journal"
    GALLERY_DAMAGED = "gallery_damaged"
    GALLERY_ENGINE = "gallery_engine"
    ISSUERS_MISSING = "issuers_missing"
    KERNEL_MISSING = "kernel_missing"
    LAST_PERSON = "last_person"
    LIVE_WITHOUT_SCANNER = "live_without_scanner"
    LOAD_STOPPED = "load_stopped"
    MEDIUM_EXCHANGED = "medium_exchanged"
    MEDIUM_FULL = "medium_full"
    MEDIUM_LOST = "medium_lost"
    MEDIUM_NAME_TAKEN = "medium_name_taken"
    MEDIUM_READ_ONLY = "medium_read_only"
    MEDIUM_WORN = "medium_worn"
    MEMORY_FULL = "memory_full"
    MINUTIAE_DAMAGED = "minutiae_damaged"
    MODEL_DAMAGED = "model_damaged"
    NOT_A_FINGER = "not_a_finger"
    NOT_A_LIVE_STATION = "not_a_live_station"
    NOT_A_REGULAR_FILE = "not_a_regular_file"
    NOT_ALLOWED = "not_allowed"
    NOT_ENROLLABLE = "not_enrollable"
    NOT_IN_JOURNAL = "not_in_journal"
    NOTHING_COLLECTED = "nothing_collected"
    PAGE_PRINTER_CANCELLED = "page_printer_cancelled"
    PAGE_PRINTER_FAULT = "page_printer_fault"
    PAGE_PRINTER_INK = "page_printer_ink"
    PAGE_PRINTER_PAPER_OUT = "page_printer_paper_out"
    PAGE_PRINTER_SILENT = "page_printer_silent"
    PAGE_PRINTER_STOPPED = "page_printer_stopped"
    PAGE_PRINTER_STUCK = "page_printer_stuck"
    PAGE_PRINTER_UNSURE = "page_printer_unsure"
    PAPER_NAME = "paper_name"
    PAPER_UNREADABLE = "paper_unreadable"
    PAST_JOURNAL_MISSING = "past_journal_missing"
    PERSON_EXISTS = "person_exists"
    PERSON_REMOVED = "person_removed"
    PICTURE_NOT_SAVED = "picture_not_saved"
    POLICY_MISSING = "policy_missing"
    POLICY_PAST = "policy_past"
    POLICY_REFUSED = "policy_refused"
    PORTRAIT_TOO_LARGE = "portrait_too_large"
    PORTRAIT_UNREADABLE = "portrait_unreadable"
    PRECINCT_EMPTY = "precinct_empty"
    PRECINCT_UNKNOWN = "precinct_unknown"
    PRINTER_LOST = "printer_lost"
    REASON_MISSING = "reason_missing"
    REASON_UNFIT = "reason_unfit"
    RECIPIENT_MISSING = "recipient_missing"
    RECIPIENT_NEEDED = "recipient_needed"
    RECIPIENTS_NONE = "recipients_none"
    RECIPIENTS_SAME = "recipients_same"
    RENEW_DAY_OPEN = "renew_day_open"
    RENEW_NOT_EXPORTED = "renew_not_exported"
    RENEW_NOTHING = "renew_nothing"
    RENEWAL_UNFINISHED = "renewal_unfinished"
    SEAL_DAMAGED = "seal_damaged"
    SEAL_NOT_FOR_US = "seal_not_for_us"
    SEQUENCE_USED = "sequence_used"
    SESSION_UNDER_WAY = "session_under_way"
    SIMULATED_ON_LIVE_LIST = "simulated_on_live_list"
    SLIPS_STUCK = "slips_stuck"
    SNAPSHOT_EXISTS = "snapshot_exists"
    STRICT_REFUSED = "strict_refused"
    TOO_MANY_TRIES = "too_many_tries"
    TRACE_UNWRITABLE = "trace_unwritable"
    TRIAL_SEARCH_FAILED = "trial_search_failed"
    UNKNOWN_PERSON = "unknown_person"
    VISIT_STUCK = "visit_stuck"
    VOID_REFUSED = "void_refused"
    WORKER_LOST = "worker_lost"
    WRONG_KEY = "wrong_key"
    WRONG_PASSPHRASE = "wrong_passphrase"
