"""The addresses of quality in the office. Each has a row in the access table of tests/web/test_access.py."""

from django.urls import path

from balie.web.office.quality import checks, findings, missing, recording, review, reviews

urlpatterns = [
    path("quality/", findings.findings, name="findings"),
    path("quality/findings.<str:format>", findings.file, name="findings_file"),
    path("quality/findings/reopen/", findings.reopen, name="reopen_findings"),
    path("quality/recording/", recording.month, name="recording"),
    path("quality/recording.<str:format>", recording.file, name="recording_file"),
    path("quality/recording/year/", recording.year, name="recording_year"),
    path("quality/recording/agents/<path:code>/", recording.agent, name="recording_of_agent"),
    path("quality/missing/", missing.missing, name="missing_notes"),
    path("quality/missing/<int:pk>/back/", missing.take, name="take_calls_back"),
    path("quality/missing/<int:pk>/exempt/", missing.exempt, name="exempt_caller"),
    path("quality/checks/", checks.checks, name="checks"),
    path("quality/checks/set/", checks.put, name="put_checks"),
    path("quality/checks/<int:pk>/undo/", checks.undo, name="undo_checks"),
    path("quality/reviews/", reviews.reviews, name="reviews"),
    path("quality/reviews/draw/", reviews.draw, name="draw_notes"),
    path("quality/reviews/put-back/", reviews.put_all_back, name="put_notes_back"),
    path("quality/reviews/next/", review.go_on, name="next_review"),
    path("quality/reviews/<int:pk>/", review.review, name="review"),
    path("quality/reviews/<int:pk>/undo/", review.undo, name="undo_review"),
    path("quality/reviews/<int:pk>/put-back/", review.put_back, name="put_note_back"),
    path("quality/notes/<int:pk>/review/", review.draw, name="review_note"),
]
