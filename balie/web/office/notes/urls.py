"""The addresses of notes in the office. Each has a row in the access table of tests/web/test_access.py."""

from django.urls import path

from balie.web.office.notes import listed, one

urlpatterns = [
    path("notes/", listed.notes, name="notes"),
    path("notes.<str:format>", listed.file, name="notes_file"),
    path("notes/<int:pk>/", one.note, name="note"),
    path("notes/<int:pk>/correct/", one.correct, name="correct_note"),
    path("notes/findings/<int:pk>/dismiss/", one.dismiss, name="dismiss_finding"),
    path("notes/findings/<int:pk>/reopen/", one.reopen, name="reopen_finding"),
]
