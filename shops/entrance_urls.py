"""Pages outside any shop: signing in and out, one's own account, choosing a shop."""

urlpatterns: list = []
