from django.urls import path

from aftersales.desk.web import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search_everything, name="search"),
]
