from django.urls import path

from shops.views import notices, people, pins, programs, settings

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
    path("settings/programs/", programs.programs, name="programs"),
    path("settings/programs/keys/new/", programs.new_key, name="new_key"),
    path("settings/programs/keys/<int:key>/revoke/", programs.end_key, name="end_key"),
    path("settings/programs/webhooks/new/", programs.new_webhook, name="new_webhook"),
    path("settings/programs/webhooks/<int:webhook>/", programs.webhook, name="webhook"),
    path("settings/programs/webhooks/<int:webhook>/secret/", programs.webhook_secret, name="webhook_secret"),
    path("settings/programs/webhooks/<int:webhook>/end/", programs.webhook_end, name="webhook_end"),
    path("settings/programs/messages/<int:delivery>/", programs.delivery, name="delivery"),
    path("settings/programs/messages/<int:delivery>/again/", programs.delivery_again, name="delivery_again"),
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
