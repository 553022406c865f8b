from django.urls import path

from shops.views import notices, people, pins, settings

app_name = "shops"
urlpatterns = [
    path("more/", settings.more, name="more"),
    path("notices/", notices.notices, name="notices"),
    path("notices/bell/", notices.bell, name="bell"),
    path("notices/seen/", notices.all_seen, name="all_seen"),
    path("notices/<int:notice>/seen/", notices.notice_seen, name="notice_seen"),
    path("settings/", settings.settings, name="settings"),
    path("settings/gstin/", settings.gstin_check, name="gstin_check"),
    path("settings/counters/new/", settings.add_counter, name="add_counter"),
    path("settings/counters/<int:counter>/", settings.counter, name="counter"),
    path("settings/counter-rules/", pins.counter_rules, name="counter_rules"),
    path("my-pin/", pins.my_pin, name="my_pin"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invited/<int:invitation>/new-code/", people.new_code, name="new_code"),
    path("people/invited/<int:invitation>/withdraw/", people.withdraw, name="withdraw"),
    path("people/<int:member>/", people.person, name="person"),
    path("people/<int:member>/pin/", pins.first_pin, name="first_pin"),
    path("people/<int:member>/pin/clear/", pins.clear_pin, name="clear_pin"),
    path("people/<int:member>/remove/", people.remove, name="remove"),
]
