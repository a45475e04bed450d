"""The addresses of the desk. Each has a row in the access table of tests/web/test_access.py."""

from django.urls import path

from balie.web.desk import away, clients, own, reviews, sending, start, waiting

urlpatterns = [
    path("desk/", start.desk, name="desk"),
    path("desk/calls/", waiting.calls, name="desk_calls"),
    path("desk/clients/", clients.search, name="desk_clients"),
    path("desk/send/", sending.send, name="desk_send"),
    path("desk/keep/", sending.keep, name="desk_keep"),
    path("desk/drafts/<int:pk>/drop/", sending.drop, name="desk_drop"),
    path("desk/notes/", own.notes, name="desk_notes"),
    path("desk/notes/<int:pk>/", own.note, name="desk_note"),
    path("desk/mend/", own.mend, name="desk_mend"),
    path("desk/reviews/", reviews.reviews, name="desk_reviews"),
    path("desk/reviews/seen/", reviews.seen, name="desk_reviews_seen"),
    path("desk/exceptions/enter/", away.enter, name="desk_absence"),
    path("desk/exceptions/<int:pk>/remove/", away.remove, name="desk_remove_absence"),
    path("desk/exceptions/<int:pk>/undo/", away.undo, name="desk_undo_absence"),
]
