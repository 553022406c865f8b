from django.http import Http404, HttpRequest, HttpResponse

from shops.access import Can, shop_page


@shop_page(Can.SEE_COST)
def purchases(request: HttpRequest) -> HttpResponse:
    raise Http404


@shop_page(Can.SEE_COST)
def new_purchase(request: HttpRequest) -> HttpResponse:
    raise Http404


@shop_page(Can.SEE_COST)
def purchase_find(request: HttpRequest) -> HttpResponse:
    raise Http404


@shop_page(Can.SEE_COST)
def purchase_sums(request: HttpRequest) -> HttpResponse:
    raise Http404


@shop_page(Can.SEE_COST)
def purchase(request: HttpRequest, receipt: int) -> HttpResponse:
    raise Http404


@shop_page(Can.SEE_COST)
def return_goods(request: HttpRequest, receipt: int) -> HttpResponse:
    raise Http404
