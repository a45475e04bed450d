"""The addresses of getting in and of one's own login. Some names are those under which allauth looks for its pages."""

from django.urls import path

from balie.web.entry import choices, forgotten, invited, login, me

urlpatterns = [
    path("login/", login.log_in, name="login"),
    path("login/", login.log_in, name="account_login"),
    path("login/second/", me.ask_second, name="mfa_authenticate"),
    path("logout/", login.log_out, name="logout"),
    path("password/forgotten/", forgotten.forgotten, name="password_forgotten"),
    path("password/<uidb64>/<token>/", login.password, name="password"),
    path("invitation/<key>/", invited.invited, name="invitation"),
    path("language/", choices.language, name="language"),
    path("theme/", choices.theme, name="theme"),
    path("digest/", choices.digest, name="digest"),
    path("me/", me.me, name="mfa_index"),
    path("me/password/", me.change_password, name="change_password"),
    path("me/confirm/", me.confirm, name="account_reauthenticate"),
    path("me/confirm/code/", me.confirm_by_code, name="mfa_reauthenticate"),
    path("me/confirm/key/", me.confirm_by_key, name="mfa_reauthenticate_webauthn"),
    path("me/app/", me.app, name="mfa_activate_totp"),
    path("me/app/remove/", me.remove_app, name="mfa_deactivate_totp"),
    path("me/codes/", me.codes, name="mfa_view_recovery_codes"),
    path("me/codes/new/", me.new_codes, name="mfa_generate_recovery_codes"),
    path("me/codes/file/", me.codes_file, name="mfa_download_recovery_codes"),
    path("me/keys/add/", me.add_key, name="mfa_add_webauthn"),
    path("me/keys/<int:pk>/name/", me.rename_key, name="mfa_edit_webauthn"),
    path("me/keys/<int:pk>/remove/", me.drop_key, name="mfa_remove_webauthn"),
    path("me/sessions/end/", me.end_others, name="end_other_sessions"),
    path("me/sessions/<int:pk>/end/", me.end_session, name="end_session"),
]
