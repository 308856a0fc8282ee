"""Where the pages of accounts and freight stand."""

from __future__ import annotations

from django.urls import path

from aftersales.billing.web.views import accounts, freight, statements, vouchers

app_name = "billing"

urlpatterns = [
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<int:customer_id>/", accounts.account, name="account"),
    path("accounts/<int:customer_id>/post/<str:kind>/", accounts.post_entry, name="post_entry"),
    path("accounts/<int:customer_id>/statement/", statements.statement, name="statement"),
    path("accounts/<int:customer_id>/statement.pdf", statements.statement_pdf, name="statement_pdf"),
    path("accounts/<int:customer_id>/statement/confirm/", statements.confirm_statement, name="confirm_statement"),
    path("accounts/<int:customer_id>/freight/", freight.record_freight, name="record_freight"),
    path("vouchers/", vouchers.vouchers, name="vouchers"),
    path("vouchers/<str:number>/", vouchers.voucher, name="voucher"),
    path("vouchers/<str:number>/reverse/", vouchers.reverse_entry, name="reverse_entry"),
    path("freight/", freight.freight_documents, name="freight"),
    path("freight/<str:number>/", freight.freight_document, name="freight_document"),
    path("freight/<str:number>/settle/", freight.settle_freight, name="settle_freight"),
    path("freight/<str:number>/sign/", freight.sign_freight, name="sign_freight"),
    path("freight/<str:number>/post/", freight.post_freight, name="post_freight"),
    path("freight/<str:number>/absorb/", freight.absorb_freight, name="absorb_freight"),
    path("freight/<str:number>/send-back/", freight.send_back_freight, name="send_back_freight"),
    path("freight/<str:number>/confirm/", freight.confirm_freight, name="confirm_freight"),
    path("freight/<str:number>/reverse/", freight.reverse_freight, name="reverse_freight"),
    path("freight/<str:number>/withdraw/", freight.withdraw_freight, name="withdraw_freight"),
]
