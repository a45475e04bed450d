"""What the pages of getting in, of signing up and of who may answer strangers, a client's owner, agents, managers and
administrators: rows of the table in test_access.py."""

Row = tuple[int, int, int, int, int]

OFFICE: Row = (302, 403, 403, 200, 200)
PORTAL: Row = (302, 200, 302, 302, 302)
DEED: Row = (405, 405, 405, 405, 405)
EVERYBODY: Row = (200, 200, 200, 200, 200)
DONE: Row = (302, 403, 403, 302, 302)
# One's own login is everybody's who has one.
OWN: Row = (302, 200, 200, 200, 200)
AWAY: Row = (302, 302, 302, 302, 302)
NOTHING_YET: Row = (302, 404, 404, 404, 404)
GONE: Row = (410, 410, 410, 410, 410)
EMPTY: Row = (422, 422, 422, 422, 422)
# The operator's own settings. Nothing given: nothing changed; no such change to take back; no mail server to try.
SETTINGS = ("operator_settings", "operator_letterhead", "closing_settings", "mail_settings", "retention_settings")
OF_SETTINGS = ("operator", "closing", "mail", "retention")
SETTINGS_DEEDS = {
    **dict.fromkeys((f"put_{one}" for one in OF_SETTINGS), 302),
    **dict.fromkeys((f"undo_{one}" for one in OF_SETTINGS), 404),
    "try_mail": 302,
}
OF_USERS = ("invite", "invite_again", "withdraw_invitation", "make_owner", "remove_user", "restore_user")

GET: dict[str, Row] = {
    "account_login": (200, 302, 302, 302, 302),
    "mfa_authenticate": AWAY,  # there is nobody half logged in
    "password_forgotten": EVERYBODY,
    "mfa_index": OWN,
    "change_password": AWAY,  # asked first whether it is still them, as for what follows
    "account_reauthenticate": OWN,
    "mfa_reauthenticate": AWAY,
    "mfa_reauthenticate_webauthn": AWAY,
    "mfa_activate_totp": AWAY,
    "mfa_deactivate_totp": NOTHING_YET,
    "mfa_view_recovery_codes": NOTHING_YET,
    "mfa_generate_recovery_codes": AWAY,
    "mfa_download_recovery_codes": NOTHING_YET,
    "mfa_add_webauthn": AWAY,
    "mfa_edit_webauthn": AWAY,
    "mfa_remove_webauthn": AWAY,
    "end_other_sessions": DEED,
    "end_session": DEED,
    "registrations": OFFICE,
    "registration_again": DEED,
    "delete_registration": OFFICE,
    "settings": OFFICE,
    **dict.fromkeys(SETTINGS, OFFICE),
    **dict.fromkeys(SETTINGS_DEEDS, DEED),
    "login_settings": OFFICE,
    "put_second_factor": DEED,
    "reset_second_factor": (302, 403, 403, 403, 200),
    "terms_settings": OFFICE,
    "put_terms": DEED,
    "client_users": OFFICE,
    "portal_users": PORTAL,
    **{f"{face}_{deed}": DEED for face in ("client", "portal") for deed in OF_USERS},
    "sign_up": (200, 302, 302, 302, 302),
    "mail_sent": EVERYBODY,
    "new_link": EVERYBODY,
    "activate": GONE,
    "invitation": GONE,
    "terms": EVERYBODY,
}
POST: dict[str, Row] = {
    "password_forgotten": EMPTY,
    **dict.fromkeys(("change_password", "mfa_activate_totp", "mfa_add_webauthn", "mfa_remove_webauthn"), AWAY),
    "mfa_generate_recovery_codes": AWAY,
    "end_session": NOTHING_YET,
    "end_other_sessions": AWAY,
    "sign_up": (422, 302, 302, 302, 302),
    "new_link": EMPTY,
    "activate": GONE,
    "invitation": GONE,
    "registration_again": DONE,
    "delete_registration": DONE,
    "put_second_factor": (302, 403, 403, 403, 400),
    "reset_second_factor": (302, 403, 403, 403, 302),
    "put_terms": (302, 403, 403, 403, 422),
    **{name: (302, 403, 403, 403, status) for name, status in SETTINGS_DEEDS.items()},
    **{f"client_{deed}": DONE for deed in OF_USERS},
    "client_invite": (302, 403, 403, 422, 422),
    **{f"portal_{deed}": AWAY for deed in OF_USERS},
    "portal_invite": (302, 422, 302, 302, 302),
}
