"""Pages of packing: what was packed, packing, and the recipes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import reswap, retarget

from inventory import repack_selectors as selectors
from inventory.errors import StockError
from inventory.models import Recipe, Repack
from inventory.recipes import save_recipe, set_recipe_in_use
from inventory.repack_forms import PartRow, RecipeForm, RepackForm, put_error, times
from inventory.repack_rows import MADE, TAKEN, Sight, Wanted, lines_of, parts_of, preview, recipe_rows, rows_for, sent_rows, wanted_of
from inventory.repacking import repack_goods
from inventory.selectors import find_products, product_by_code
from inventory.views import number_of
from shops.access import Can, shop_page
from smartkirana.paging import at_the_end, page_of
from smartkirana.templatetags.kirana import qty
from smartkirana.web import go, sent, show, wants_fragment

NEW, RECIPE = "inventory/repack/repack_new.html", "inventory/repack/recipe_form.html"
MOST_TIMES = 999
MOST_CHOSEN = 20  # goods that an address may bring along


def _sight(request: HttpRequest) -> Sight:
    return Sight(Can.EDIT_GOODS in request.can, Can.SEE_COST in request.can)


# --- what was packed ------------------------------------------------------------------------------------------
@shop_page(Can.ADJUST_STOCK)
def repacks(request: HttpRequest) -> HttpResponse:
    """The recipes to pack by, and what was packed, newest first."""
    page = page_of(request, selectors.repacks(request.shop))
    selectors.put_goods(request.shop, page.object_list)
    context = {"page": page, "see_cost": Can.SEE_COST in request.can, "last_page": at_the_end(page)}
    if not wants_fragment(request):
        context["recipes"] = selectors.recipes(request.shop)
        context["put_away"] = selectors.recipes(request.shop, put_away=True) if Can.EDIT_GOODS in request.can else []
    return show(request, "inventory/repack/repack_list.html", context, partial="repack_rows")


@shop_page(Can.ADJUST_STOCK)
def repack(request: HttpRequest, repack: int) -> HttpResponse:
    """Everything about one repack."""
    found = _repack(request, repack)
    selectors.put_goods(request.shop, [found])
    return show(request, "inventory/repack/repack.html", {"repack": found, "see_cost": Can.SEE_COST in request.can})


def _repack(request: HttpRequest, repack_id: int) -> Repack:
    found = selectors.repack_of(request.shop, repack_id)
    if found is None:
        raise Http404("No such repack.")
    return found


# --- packing --------------------------------------------------------------------------------------------------
@shop_page(Can.ADJUST_STOCK, methods=("GET", "POST"))
def new_repack(request: HttpRequest) -> HttpResponse:
    """The form of packing. Saving packs, once for a form; else everything typed stands there again."""
    recipe = _recipe_of(request)
    head = RepackForm(sent(request), kind=recipe.kind if recipe else "break")
    rows, problem = _rows(request, recipe)
    if request.method == "POST" and (made := _packed(request, head, rows, problem, recipe)):
        selectors.put_goods(request.shop, [made])
        words = ", ".join(f"{qty(one.quantity)} {one.product.unit} {one.product.name}" for one in made.made)
        messages.success(request, f"Packed: {words}.")
        return go(request, "inventory:repack", request.shop.slug, made.pk)
    return _form_page(request, head, rows, recipe, bad=request.method == "POST")


def _recipe_of(request: HttpRequest) -> Recipe | None:
    asked = request.POST if request.method == "POST" else request.GET
    chosen = number_of(asked.get("recipe"), 10**18)
    return get_object_or_404(request.shop.recipes, pk=chosen) if chosen else None


def _rows(request: HttpRequest, recipe: Recipe | None) -> tuple[list[PartRow], str]:
    """The rows that were sent; for a page just opened those of the recipe, and of the goods that the address names."""
    if request.method == "POST":
        return sent_rows(request.shop, request.POST, _sight(request))
    wanted = wanted_of(recipe, min(max(number_of(request.GET.get("times")), 1), MOST_TIMES)) if recipe else []
    return rows_for(request.shop, wanted + _chosen(request), _sight(request)), ""


def _chosen(request: HttpRequest) -> list[Wanted]:
    named = [(side, pk) for side in (TAKEN, MADE) for v in request.GET.getlist(side)[:MOST_CHOSEN] if (pk := number_of(v, 10**18))]
    goods = request.shop.products.in_bulk([pk for _, pk in named])
    if any(pk not in goods for _, pk in named):
        raise Http404("No such product.")
    return [Wanted(side, goods[pk], "1" if side == TAKEN else "") for side, pk in named]


def _packed(request: HttpRequest, head: RepackForm, rows: list[PartRow], problem: str, recipe: Recipe | None) -> Repack | None:
    """The repack, when all is well; else the sentences stand at their boxes."""
    if problem:
        head.add_error(None, problem)
    if not all([head.is_valid(), *(row.is_valid() for row in rows)]):
        return None
    taken, made = lines_of(rows)
    try:
        return repack_goods(
            shop=request.shop, by=request.cashier, taken=taken, made=made, recipe=recipe, request_key=head.key(), **head.frame()
        )
    except StockError as error:
        put_error(error, head, rows)
        return None


def _form_page(request: HttpRequest, head: RepackForm, rows: list[PartRow], recipe: Recipe | None, *, bad: bool = False) -> HttpResponse:
    bound = head if head.is_bound else None
    context = {
        "head": head,
        "rows": rows,
        "recipe": recipe,
        "times": min(max(number_of(request.GET.get("times")), 1), MOST_TIMES),
        "request_key": head.key(),
        "sums": preview(request.shop, bound, rows) if bound else None,
        "see_cost": Can.SEE_COST in request.can,
    }
    return show(request, NEW, context, partial="repack_form", bad=bad)


@shop_page(Can.ADJUST_STOCK, methods=("POST",))
def repack_sums(request: HttpRequest) -> HttpResponse:
    """What it comes to as far as it is written; nothing is saved."""
    head = RepackForm(request.POST)
    rows, problem = sent_rows(request.shop, request.POST, _sight(request))
    if not wants_fragment(request):
        return _form_page(request, head, rows, _recipe_of(request))
    found = preview(request.shop, head, rows)
    found.problems += [problem] if problem else []
    return show(request, "inventory/repack/_live.html", {"sums": found, "see_cost": Can.SEE_COST in request.can})


@shop_page(Can.ADJUST_STOCK, methods=("GET", "POST"))
def repack_find(request: HttpRequest) -> HttpResponse:
    """Goods for one `side`; a code that names one, or goods chosen, answers their row: of the packing form, or with `plain` of a recipe."""
    asked = request.POST if request.method == "POST" else request.GET
    side = MADE if asked.get("side") == MADE else TAKEN
    text = asked.get("q", "").strip()[:80]
    product = None
    if chosen := number_of(asked.get("product"), 10**18):
        product = get_object_or_404(request.shop.products, pk=chosen)
    elif "go" in asked:
        product = product_by_code(request.shop, text)
    if not wants_fragment(request):
        address = reverse("inventory:new_repack", args=[request.shop.slug])
        return go(request, f"{address}?{urlencode({side: product.pk})}" if product else address)
    if product is None:
        context = {"q": text, "found": find_products(request.shop, text), "side": side, "plain": "plain" in asked}
        return show(request, "inventory/repack/_found.html", context)
    wanted = [Wanted(side, product, "1" if side == TAKEN else "")]
    row = recipe_rows(wanted)[0] if "plain" in asked else rows_for(request.shop, wanted, _sight(request))[0]
    answer = show(request, "inventory/repack/_row.html", {"row": row, "see_cost": Can.SEE_COST in request.can})
    return reswap(retarget(answer, f"#{side}-rows"), "beforeend")


# --- recipes --------------------------------------------------------------------------------------------------
@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def new_recipe(request: HttpRequest) -> HttpResponse:
    """A further recipe; `repack` in the address fills it with what was packed."""
    start = number_of(request.GET.get("repack"), 10**18)
    done = _repack(request, start) if start and request.method == "GET" else None
    return _recipe_page(request, None, done)


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def change_recipe(request: HttpRequest, recipe: int) -> HttpResponse:
    return _recipe_page(request, get_object_or_404(request.shop.recipes, pk=recipe), None)


def _recipe_page(request: HttpRequest, recipe: Recipe | None, done: Repack | None) -> HttpResponse:
    form = RecipeForm(sent(request), initial=_recipe_start(recipe, done))
    rows, problem = sent_rows(request.shop, request.POST, None) if request.method == "POST" else (_recipe_rows(request, recipe, done), "")
    if request.method == "POST" and (saved := _saved_recipe(request, form, rows, problem, recipe)):
        messages.success(request, f"{saved.name} is kept.")
        return go(request, "inventory:repacks", request.shop.slug)
    context = {"form": form, "rows": rows, "recipe": recipe, "request_key": form.key()}
    return show(request, RECIPE, context, partial="recipe_form", bad=form.is_bound)


def _recipe_start(recipe: Recipe | None, done: Repack | None) -> dict:
    if recipe:
        return {"name": recipe.name, "kind": recipe.kind, "note": recipe.note}
    return {"kind": done.kind if done else "break"}


def _recipe_rows(request: HttpRequest, recipe: Recipe | None, done: Repack | None) -> list[PartRow]:
    if recipe:
        return recipe_rows(wanted_of(recipe))
    if done is None:
        return recipe_rows(_chosen(request))
    selectors.put_goods(request.shop, [done])
    sides = ((TAKEN, done.taken), (MADE, done.made))
    return recipe_rows([Wanted(side, one.product, times(one.quantity, 1)) for side, goods in sides for one in goods])


def _saved_recipe(request: HttpRequest, form: RecipeForm, rows: list[PartRow], problem: str, recipe: Recipe | None) -> Recipe | None:
    if problem:
        form.add_error(None, problem)
    if not all([form.is_valid(), *(row.is_valid() for row in rows)]):
        return None
    data = form.cleaned_data
    try:
        return save_recipe(
            shop=request.shop, by=request.cashier, name=data["name"], kind=data["kind"], note=data["note"],
            parts=parts_of(rows), recipe=recipe, request_key=None if recipe else form.key(),
        )  # fmt: skip
    except StockError as error:
        put_error(error, form, rows)
        return None


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def recipe_in_use(request: HttpRequest, recipe: int) -> HttpResponse:
    """Put a recipe away, or offer it again: `on` is "1" or nothing."""
    found = get_object_or_404(request.shop.recipes, pk=recipe)
    set_recipe_in_use(recipe=found, by=request.cashier, in_use=request.POST.get("on") == "1")
    messages.success(request, f"{found.name} is offered again." if found.is_active else f"{found.name} is put away.")
    return go(request, "inventory:repacks", request.shop.slug)
