"""Shops, their counters, their people. Everything else in the house belongs to a shop."""

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from shops.api_models import ApiAnswer, ApiKey, Rate  # noqa: F401  (tables of this app too)
from shops.code_models import SignInCode  # noqa: F401  (a table of this app too)
from shops.gstin import STATES
from shops.notice_models import Notice  # noqa: F401  (a table of this app too)
from shops.pin_models import Pin  # noqa: F401  (a table of this app too)
from shops.series_models import NumberSeries  # noqa: F401  (a table of this app too)
from shops.webhook_models import Webhook, WebhookDelivery  # noqa: F401  (tables of this app too)
from smartkirana.db_rules import frozen_but, moved_only_by, refuse, shop_key
from smartkirana.money import ZERO


class UserManager(BaseUserManager):
    """People who work in shops. Customers' accounts are in `User.everybody` alone: whatever looks for a person, signs one in by
    phone or loads the one of a browser's session never meets them."""

    def get_queryset(self):
        return super().get_queryset().filter(customer_of=None)

    def create_user(self, phone, password=None, **extra):
        user = self.model(phone=phone, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, phone, password=None, **extra):
        return self.create_user(phone, password, is_staff=True, is_superuser=True, **extra)


def frozen_customers() -> pgtrigger.Trigger:
    """A customer's account stays one, with its shop and its phone."""
    return pgtrigger.Trigger(
        name="customer_stays_one",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("customer_of_id", "phone"),
        func=f"""
            IF NEW.customer_of_id IS DISTINCT FROM OLD.customer_of_id
               OR (OLD.customer_of_id IS NOT NULL AND NEW.phone <> OLD.phone) THEN
                {refuse("shops_user_customer_stays_one", "the account of a customer stays with its shop and phone")}
            END IF;
            RETURN NEW;
        """,
    )


def members_work() -> pgtrigger.Trigger:
    """A customer's account has no place in a shop."""
    return pgtrigger.Trigger(
        name="no_customers",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("user_id"),
        func=f"""
            IF EXISTS (SELECT 1 FROM shops_user WHERE id = NEW.user_id AND customer_of_id IS NOT NULL) THEN
                {refuse("shops_membership_no_customers", "the account of a customer cannot work in a shop")}
            END IF;
            RETURN NEW;
        """,
    )


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The phone (stored as +91…) is the sign-in; what they may do in a shop is a `Membership`.

    With `customer_of` it is a customer's account with that shop, for the API only: one phone may have one with each shop.
    `phone_proven_at` is when a code sent to the phone came back; before it anybody may have typed the number.
    """

    phone = PhoneNumberField("phone", region="IN")
    name = models.CharField("name", max_length=80)
    email = models.EmailField("e-mail", blank=True)
    language = models.CharField("language", max_length=5, default="en", choices=[("en", "English"), ("hi", "हिन्दी")])
    is_active = models.BooleanField("may sign in", default=True)
    is_staff = models.BooleanField("may open the admin", default=False)
    is_demo = models.BooleanField("made by the demo", default=False, editable=False, help_text="May sign in on a local installation only.")
    joined_at = models.DateTimeField("joined", auto_now_add=True)
    customer_of = models.ForeignKey("shops.Shop", models.PROTECT, null=True, blank=True, editable=False, related_name="customer_accounts")
    phone_proven_at = models.DateTimeField("phone proven", null=True, blank=True, editable=False)

    objects = UserManager()
    everybody = BaseUserManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                fields=["phone"], condition=Q(customer_of=None), name="shops_user_phone_key",
                violation_error_message="A person with this phone already exists.",
            ),
            models.UniqueConstraint(fields=["customer_of", "phone"], name="shops_user_phone_of_customer"),
            models.CheckConstraint(
                name="shops_user_customers_run_nothing", condition=Q(customer_of=None) | Q(is_staff=False, is_superuser=False)
            ),
        ]  # fmt: skip
        triggers = [frozen_customers()]

    def __str__(self) -> str:
        return self.name or str(self.phone)

    @property
    def short_phone(self) -> str:
        """The ten digits people say, without +91."""
        return self.phone.as_e164.removeprefix("+91")


class Shop(models.Model):
    """One kirana shop: who it is, how it is taxed, how it wants to sell."""

    class Scheme(models.TextChoices):
        REGULAR = "regular", "Regular GST"
        COMPOSITION = "composition", "Composition"
        UNREGISTERED = "unregistered", "Not registered"

    class Rounding(models.TextChoices):
        RUPEE = "rupee", "To the rupee"
        HALF = "half", "To 50 paise"
        NONE = "none", "No rounding"

    class StockPolicy(models.TextChoices):
        WARN = "warn", "Sell, and put it on the check list"
        BLOCK = "block", "Refuse the sale"

    slug = models.SlugField("address in the browser", max_length=40, unique=True)
    name = models.CharField("name", max_length=80)
    local_name = models.CharField("name in the local language", max_length=80, blank=True)
    address = models.CharField("address", max_length=200)
    city = models.CharField("town", max_length=60)
    pincode = models.CharField("PIN code", max_length=6, validators=[RegexValidator(r"^[1-9][0-9]{5}$", "A PIN code has six digits.")])
    state_code = models.CharField("state", max_length=2, choices=[(c, f"{n} ({c})") for c, n in STATES.items()])
    phone = models.CharField("phone on the bill", max_length=20, blank=True)
    scheme = models.CharField("GST scheme", max_length=12, choices=Scheme, default=Scheme.UNREGISTERED)
    gstin = models.CharField("GSTIN", max_length=15, blank=True)
    pan = models.CharField("PAN", max_length=10, blank=True)
    fssai = models.CharField("FSSAI number", max_length=14, blank=True)
    upi_id = models.CharField("UPI id", max_length=100, blank=True)
    upi_name = models.CharField("name behind the UPI id", max_length=60, blank=True)
    rounding = models.CharField("round the bill", max_length=5, choices=Rounding, default=Rounding.RUPEE)
    stock_policy = models.CharField("when stock is not enough", max_length=5, choices=StockPolicy, default=StockPolicy.WARN)
    language = models.CharField("language of the receipt", max_length=5, default="en", choices=[("en", "English"), ("hi", "हिन्दी")])
    receipt_footer = models.CharField("last line of the bill", max_length=120, blank=True, default="Exchange within 7 days with this bill.")
    remind_from = models.PositiveSmallIntegerField("reminders from (hour)", default=9)
    remind_until = models.PositiveSmallIntegerField("reminders until (hour)", default=20)
    remind_every = models.PositiveSmallIntegerField("days between two reminders", default=7)
    is_active = models.BooleanField("open", default=True)
    created_at = models.DateTimeField("opened here", auto_now_add=True)
    sealed_until = models.DateField("books closed up to", null=True, blank=True, editable=False)  # kept by the ledger's day closes
    hears = ArrayField(models.CharField(max_length=20), default=list, db_default=[], editable=False)  # kept by its webhooks

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shops_shop_gstin_when_registered",
                condition=Q(scheme="unregistered", gstin="") | (~Q(scheme="unregistered") & Q(gstin__regex=r"^[0-9A-Z]{15}$")),
                violation_error_message="A registered shop needs its GSTIN; a shop that is not registered has none.",
            ),
            models.CheckConstraint(
                name="shops_shop_gstin_of_its_state",
                condition=Q(gstin="") | Q(state_code=Left(F("gstin"), 2)) | Q(gstin__regex=r"^(97|99|25|28)"),
                violation_error_message="The GSTIN belongs to another state than the shop.",
            ),
            models.CheckConstraint(
                name="shops_shop_reminders",
                condition=Q(remind_from__lt=F("remind_until"), remind_until__lte=24, remind_every__gte=1, remind_every__lte=90),
                violation_error_message="Reminders go out from one hour to a later one, every 1 to 90 days.",
            ),
            models.CheckConstraint(name="shops_shop_fssai_14_digits", condition=Q(fssai="") | Q(fssai__regex=r"^[0-9]{14}$")),
        ]
        triggers = [
            moved_only_by("shops_shop", "sealed_until", "days are closed only by a day close"),
            moved_only_by("shops_shop", "hears", "what a shop tells of is kept by its webhooks"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def charges_gst(self) -> bool:
        """Only a regular seller puts tax on a bill (CGST section 10, Rule 5)."""
        return self.scheme == self.Scheme.REGULAR


class Counter(models.Model):
    """A till. Its code is the first part of its bill numbers: `S1/26-27/000123`.

    `cash` is what its drawer should hold, rupees: kept by the ledger's postings, as what a customer owes is.
    """

    class Paper(models.TextChoices):
        R80 = "r80", "80 mm roll"
        R58 = "r58", "58 mm roll"
        A4 = "a4", "A4 sheet"

    class Printer(models.TextChoices):
        BROWSER = "browser", "The browser's own printing"
        RAW = "raw", "Straight to a roll printer (ESC/POS)"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="counters")
    name = models.CharField("name", max_length=40)
    code = models.CharField(
        "code in bill numbers",
        max_length=3,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9]{0,2}$", "One letter, then letters or digits; 3 at most.")],
    )
    paper = models.CharField("receipt paper", max_length=3, choices=Paper, default=Paper.R80)
    printer = models.CharField("how it prints", max_length=7, choices=Printer, default=Printer.BROWSER)
    opens_drawer = models.BooleanField("cash drawer on the printer", default=False)
    needs_shift = models.BooleanField("sells only in a shift", default=False)
    is_active = models.BooleanField("in use", default=True)
    cash = models.DecimalField("in the drawer ₹", max_digits=14, decimal_places=2, default=ZERO, editable=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            shop_key("shops_counter"),
            models.UniqueConstraint(
                fields=["shop", "code"], name="shops_counter_code", violation_error_message="Another counter has this code already."
            ),
            models.CheckConstraint(name="shops_counter_code_form", condition=Q(code__regex=r"^[A-Z][A-Z0-9]{0,2}$")),
            models.CheckConstraint(
                name="shops_counter_raw_on_a_roll",
                condition=Q(printer="browser") | Q(printer="raw", paper__in=["r80", "r58"]),
                violation_error_message="ESC/POS is for rolls of 80 or 58 mm. An A4 sheet is printed by the browser.",
            ),
        ]
        triggers = [
            # the code stands in bill numbers
            frozen_but("shops_counter", "name", "paper", "printer", "opens_drawer", "needs_shift", "is_active", "cash"),
            moved_only_by("shops_counter", "cash", "what a drawer should hold changes only by a posting"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_raw(self) -> bool:
        """True when its receipts go to the printer as ESC/POS bytes instead of through the browser's print."""
        return self.printer == self.Printer.RAW

    @property
    def dots(self) -> int:
        """How wide its roll prints, in printer dots of 1/8 mm; 0 for a sheet."""
        return ROLL_DOTS.get(self.paper, 0)


ROLL_DOTS = {Counter.Paper.R80: 576, Counter.Paper.R58: 384}


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    STAFF = "staff", _("Staff")
    ACCOUNTANT = "accountant", _("Accountant")


def last_owner_stays() -> pgtrigger.Trigger:
    """A shop keeps at least one owner. Two who give up at once take turns at the shop's row, so the second is refused."""
    return pgtrigger.Trigger(
        name="last_owner_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF OLD.role = 'owner' AND OLD.is_active
               AND (TG_OP = 'DELETE' OR NEW.role <> 'owner' OR NOT NEW.is_active OR NEW.shop_id <> OLD.shop_id) THEN
                PERFORM 1 FROM shops_shop WHERE id = OLD.shop_id FOR NO KEY UPDATE;
                IF NOT EXISTS (
                    SELECT 1 FROM shops_membership
                    WHERE shop_id = OLD.shop_id AND id <> OLD.id AND role = 'owner' AND is_active
                ) THEN
                    {refuse("shops_membership_last_owner", "a shop keeps at least one owner")}
                END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class Membership(models.Model):
    """A person's place in a shop. Removing someone ends it; the row stays, since their name stands on old bills."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField("role", max_length=10, choices=Role)
    is_active = models.BooleanField("works here", default=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("since", auto_now_add=True)

    class Meta:
        constraints = [
            shop_key("shops_membership"),
            models.UniqueConstraint(fields=["user", "shop"], name="shops_membership_once"),
        ]
        triggers = [
            last_owner_stays(),
            members_work(),
            pgtrigger.Trigger(  # who is taken back later starts without one
                name="pin_ends_with_the_work",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("is_active"),
                condition=pgtrigger.Condition("NOT NEW.is_active"),
                func="DELETE FROM shops_pin WHERE membership_id = NEW.id; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} of {self.shop}"


class CounterLimits(models.Model):
    """What a role may do at the counter without asking. A row exists once an owner has changed the usual; see `shops/limits.py`."""

    LIMITED = (Role.STAFF, Role.MANAGER)  # an owner may do all, an accountant sells nothing

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="counter_limits")
    role = models.CharField("role", max_length=10, choices=[(role.value, role.label) for role in LIMITED])
    discount_percent = models.DecimalField("discount by hand, at most %", max_digits=5, decimal_places=2)
    may_change_rate = models.BooleanField("may change a rate")
    may_pass_khata_limit = models.BooleanField("may go past a khata limit")
    may_cancel_open_bill = models.BooleanField("may cancel an open bill")
    may_take_back = models.BooleanField("may take goods back", default=False, db_default=False)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("changed", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "counter rules"
        constraints = [
            models.UniqueConstraint(fields=["shop", "role"], name="shops_counterlimits_role"),
            models.CheckConstraint(name="shops_counterlimits_limited", condition=Q(role__in=["staff", "manager"])),
            models.CheckConstraint(name="shops_counterlimits_percent", condition=Q(discount_percent__gte=0, discount_percent__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.shop}"


class Invitation(models.Model):
    """An owner's word that a phone may join. The code is told by the owner, kept here only as a hash, good once, 7 days."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="invitations")
    phone = PhoneNumberField("phone", region="IN")
    name = models.CharField("name", max_length=80)
    role = models.CharField("role", max_length=10, choices=Role)
    code_hash = models.CharField(max_length=128)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("good until")
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            shop_key("shops_invitation"),
            models.UniqueConstraint(fields=["shop", "phone"], condition=Q(accepted_at=None), name="shops_invitation_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.name} to {self.shop}"
