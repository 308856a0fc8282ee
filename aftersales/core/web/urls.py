from django.urls import path

from aftersales.core.web import photos

app_name = "core"
urlpatterns = [
    path("<str:token>/", photos.photo, name="photo"),
    path("<str:token>/small/", photos.thumbnail, name="thumbnail"),
]
