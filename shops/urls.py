from django.urls import path

from shops.views import people, settings

app_name = "shops"
urlpatterns = [
    path("more/", settings.more, name="more"),
    path("settings/", settings.settings, name="settings"),
    path("settings/gstin/", settings.gstin_check, name="gstin_check"),
    path("settings/counters/new/", settings.add_counter, name="add_counter"),
    path("settings/counters/<int:counter>/", settings.counter, name="counter"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invited/<int:invitation>/new-code/", people.new_code, name="new_code"),
    path("people/invited/<int:invitation>/withdraw/", people.withdraw, name="withdraw"),
    path("people/<int:member>/", people.person, name="person"),
    path("people/<int:member>/remove/", people.remove, name="remove"),
]
