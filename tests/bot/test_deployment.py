"""The production files, as far as they can be checked without a container engine: they parse, agree and are safe."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings, load

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS = ("bot-1", "bot-2")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """docker-compose.yml, with anchors and merges resolved."""
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return parsed


def _filled(text: str) -> str:
    """A value with its `${NAME:?why}` and `${NAME:-default}` filled in, as an operator would."""
    filled = {
        "AISLE_SECRET": "s" * 32,
        "AISLE_ORIGINS": "https://shop.example",
    }
    return re.sub(r"\$\{(\w+):([?-])([^}]*)\}", lambda m: filled.get(m[1], m[3] if m[2] == "-" else "value"), text)


def test_two_workers_stand_behind_the_proxy_on_one_redis_and_one_database(compose: dict[str, Any]) -> None:
    """Both workers have the same settings, and the proxy's configuration names both."""
    first, second = (compose["services"][name] for name in WORKERS)
    assert first["environment"] == second["environment"]
    assert first["environment"]["AISLE_REDIS"] == "redis://redis:6379/0"
    assert first["environment"]["AISLE_DATABASE"].startswith("postgresql://")
    proxy = (ROOT / ".docker" / "nginx.conf").read_text(encoding="utf-8")
    assert all(f"server {name}:8000" in proxy for name in WORKERS)
    assert "proxy_set_header Upgrade $http_upgrade" in proxy


def test_production_settings_of_the_workers_are_accepted(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Filled in as asked, the workers' environment passes the checks of production; each variable is a setting."""
    environment = compose["services"]["bot-1"]["environment"]
    known = {f"AISLE_{name.upper()}" for name in Settings.model_fields}
    assert set(environment) <= known
    for name, value in environment.items():
        monkeypatch.setenv(name, _filled(value))
    assert load().env == "production"


def test_secrets_have_no_default(compose: dict[str, Any]) -> None:
    """Starting without secrets of one's own is an error, not a sample secret."""
    environment = compose["services"]["bot-1"]["environment"]
    for name in ("AISLE_SECRET", "AISLE_ORIGINS", "AISLE_SHOP_URL"):
        assert environment[name].startswith(f"${{{name}:?")
    assert compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_redis_appends_to_disk_and_evicts_nothing(compose: dict[str, Any]) -> None:
    """Live state survives a restart of Redis, and is never dropped for want of memory."""
    command = " ".join(compose["services"]["redis"]["command"])
    assert "--appendonly yes" in command
    assert "noeviction" in command


def test_only_the_proxy_is_reachable_from_outside(compose: dict[str, Any]) -> None:
    """No store and no worker publishes a port, and the proxy hides figures and dependency details."""
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]
    assert "(metrics|readyz)$ { deny all; }" in (ROOT / ".docker" / "nginx.conf").read_text(encoding="utf-8")


def test_the_model_server_is_a_profile_of_its_own(compose: dict[str, Any]) -> None:
    """Without `--profile vllm` nothing needs a GPU."""
    assert compose["services"]["vllm"]["profiles"] == ["vllm"]
    assert not any("profiles" in compose["services"][name] for name in (*WORKERS, "redis", "postgres", "proxy"))


def test_every_file_and_volume_that_is_named_exists(compose: dict[str, Any]) -> None:
    """Mounted files, the Dockerfile and what it copies are in the repository; volumes are declared."""
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = _filled(volume).split(":")[0]
            assert (ROOT / source).exists() if source.startswith(".") else source in compose["volumes"]
    dockerfile = ROOT / compose["services"]["bot-1"]["build"]["dockerfile"]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile.read_text(encoding="utf-8"), re.M)
    assert all((ROOT / name).exists() for line in copied for name in line.split())


def test_the_image_does_not_run_as_root() -> None:
    """The worker's process has an unprivileged user, and installs what is pinned."""
    text = (ROOT / ".docker" / "Dockerfile").read_text(encoding="utf-8")
    assert text.index("USER aisle") < text.index('CMD ["aisle", "serve"]')
    assert text.count("-c .constraints.txt") == 2
