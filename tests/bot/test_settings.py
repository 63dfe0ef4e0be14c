"""Settings: read, refused when wrong or unsafe, shown without secrets, documented."""

import pytest

from bot.errors import BadSettings
from bot.settings import Settings, load, settings_table, shown


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """An allow-list in the environment is a line with commas."""
    monkeypatch.setenv("AISLE_ORIGINS", "https://a.example, https://b.example")
    assert load().origins == ("https://a.example", "https://b.example")


def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which variable is wrong and what was wanted."""
    monkeypatch.setenv("AISLE_PORT", "http")
    with pytest.raises(BadSettings, match=r"AISLE_PORT: .*integer"):
        load()


def test_production_refuses_what_is_only_fit_for_development() -> None:
    """The embedded Redis, sample secrets and an open allow-list are each named."""
    with pytest.raises(BadSettings, match=r"AISLE_REDIS.*AISLE_SECRET.*AISLE_ORIGINS"):
        load(env="production")


def test_production_accepts_what_is_safe() -> None:
    """With a server, secrets and an allow-list of one's own it starts."""
    settings = load(
        env="production",
        redis="redis://localhost:6379/0",
        secret="k" * 32,
        origins=("https://shop.example",),
        orders_sender="smtp://mail.shop.example:587",
        mail_from="orders@shop.example",
    )
    assert settings.env == "production"


def test_orders_are_refused_where_codes_or_calls_would_not_be_safe() -> None:
    """Codes in the log, endpoints without TLS: not in production; unsigned ones and a nameless sender: never."""
    safe = {"env": "production", "redis": "redis://r:6379/0", "secret": "k" * 32, "origins": ("https://s.example",)}
    with pytest.raises(BadSettings, match="AISLE_ORDERS_SENDER: got console:"):
        load(**safe)
    with pytest.raises(BadSettings, match="AISLE_ORDERS: got http:"):
        load(**safe, orders="http://s.example/orders", orders_secret="s" * 16)
    assert load(**safe, orders="none:").orders == "none:"
    with pytest.raises(BadSettings, match="AISLE_ORDERS_SECRET"):
        load(orders="https://s.example/orders")
    with pytest.raises(BadSettings, match="AISLE_MAIL_FROM"):
        load(orders_sender="smtp://mail.shop.example")


def test_secrets_and_passwords_are_masked_where_settings_are_shown() -> None:
    """Neither a secret nor the password inside an address is ever printed."""
    settings = load(secret="very-secret-indeed", redis="redis://aisle:hunter2@db:6379/0", generator_key="sk-123")
    text = repr(settings) + str(shown(settings).items())
    assert "very-secret-indeed" not in text
    assert "sk-123" not in text
    assert shown(settings)["AISLE_REDIS"] == "redis://aisle:***@db:6379/0"


def test_settings_cannot_be_changed_while_running() -> None:
    """Settings are frozen."""
    with pytest.raises(ValueError, match="frozen"):
        setattr(load(), "port", 1)  # noqa: B010 — the type checker refuses the plain form, too


def test_every_setting_is_described() -> None:
    """Each field says what it means, and is a row of the table."""
    assert all(field.description for field in Settings.model_fields.values())
    assert settings_table().count("\n| `AISLE_") == len(Settings.model_fields)
