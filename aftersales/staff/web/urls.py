"""Addresses of people, stations and the own account, mounted at /staff/."""

from __future__ import annotations

from django.urls import path

from aftersales.staff.web.views import account, people, stations

app_name = "staff"

urlpatterns = [
    # people
    path("people/", people.people, name="people"),
    path("people/new/", people.register_person, name="register_person"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/edit/", people.edit_person, name="edit_person"),
    path("people/<int:person_id>/duties/", people.assign_duty, name="assign_duty"),
    path("people/<int:person_id>/invite/", people.invite_person, name="invite_person"),
    path("people/<int:person_id>/invitations/<int:invitation_id>/", people.invitation, name="invitation"),
    path("people/<int:person_id>/deactivate/", people.deactivate_person, name="deactivate_person"),
    path("people/<int:person_id>/reactivate/", people.reactivate_person, name="reactivate_person"),
    path("people/<int:person_id>/sessions/end/", people.end_sessions, name="end_sessions"),
    path("people/<int:person_id>/new-password/", people.require_new_password, name="require_new_password"),
    path("assignments/<int:assignment_id>/end/", people.end_duty, name="end_duty"),
    path("duties/", people.duties, name="duties"),
    # stations
    path("stations/", stations.stations, name="stations"),
    path("stations/new/", stations.open_station, name="open_station"),
    path("stations/<str:code>/", stations.station, name="station"),
    path("stations/<str:code>/edit/", stations.edit_station, name="edit_station"),
    path("stations/<str:code>/letterhead/", stations.edit_letterhead, name="edit_letterhead"),
    # the own account
    path("me/", account.my_account, name="my_account"),
    path("me/sessions/end/", account.end_my_sessions, name="end_my_sessions"),
    path("me/sessions/<int:session_id>/end/", account.end_my_sessions, name="end_my_session"),
    # before signing in
    path("join/", account.accept_invitation, name="accept_invitation"),
    path("join/<str:token>/", account.open_invitation, name="open_invitation"),
    path("forgot/", account.forgot_password, name="forgot_password"),
]
