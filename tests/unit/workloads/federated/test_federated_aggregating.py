"""`federated.aggregate` on files of every format: what it leaves out, and why; what it leaves behind."""

import io
import json
import zipfile
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pytest
from marshmallow import ValidationError

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.federated import aggregating, examples
from core.workloads.federated.gathering import UpdatesTooFew
from core.workloads.federated.layout import UpdateUnlike
from core.workloads.federated.params import MOST_INLINE_VALUES, AggregateParams
from core.workloads.federated.rounds import StrategyUnfit, UpdateNotFinite
from core.workloads.federated.uploads.base import UploadUnreadable

JOB = UUID("01890000-0000-7000-8000-000000000001")
SHAPES = {"kernel": (3, 4), "bias": (4,)}


class Kept(io.BytesIO):
    """An artifact that may be opened again."""

    def close(self) -> None:
        self.seek(0)


def arrays(seed: int, dtype: Any = np.float32) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {name: (1.0 + 0.1 * rng.standard_normal(shape)).astype(dtype) for name, shape in SHAPES.items()}


def npz(given: dict[str, Any], *, compressed: bool = False) -> bytes:
    file = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **given)
    return file.getvalue()


def safetensors(given: dict[str, Any]) -> bytes:
    header, body = {"__metadata__": {"made": "here"}}, b""
    entries: dict[str, Any] = dict(header)
    for name, array in given.items():
        content = array.tobytes()
        kind = {"float32": "F32", "float64": "F64"}[str(array.dtype)]
        entries[name] = {
            "dtype": kind,
            "shape": list(array.shape),
            "data_offsets": [len(body), len(body) + len(content)],
        }
        body += content
    text = json.dumps(entries).encode()
    return len(text).to_bytes(8, "little") + text + body


def arrow(given: dict[str, Any], *, stream: bool = False) -> bytes:
    rows = [{"name": name, "shape": list(array.shape), "values": array.ravel()} for name, array in given.items()]
    kind = pa.from_numpy_dtype(next(iter(given.values())).dtype)
    schema = pa.schema([("name", pa.string()), ("shape", pa.list_(pa.int64())), ("values", pa.list_(kind))])
    file = io.BytesIO()
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(file, schema) as writer:
        writer.write_table(pa.Table.from_pylist(rows, schema))
    return file.getvalue()


FORMATS = {
    "npz": npz,
    "compressed npz": lambda given: npz(given, compressed=True),
    "safetensors": safetensors,
    "arrow file": arrow,
    "arrow stream": lambda given: arrow(given, stream=True),
}


def run(files: list[bytes], recorder: MemoryRecorder | None = None, **options: Any) -> dict[str, Any]:
    recorder = recorder or MemoryRecorder()
    updates = []
    for place, content in enumerate(files):
        name = str(UUID(int=place + 1))
        recorder.inputs[name] = Kept(content)
        updates.append({"client": f"c{place}", "update": {"artifact": name}, **options.get("facts", [{}] * 99)[place]})
    given = {"updates": updates, **{name: value for name, value in options.items() if name != "facts"}}
    return aggregating.compute(AggregateParams().load(given), JobContext(JOB, 1, 7, recorder))


def model_of(recorder: MemoryRecorder) -> dict[str, Any]:
    return dict(np.load(io.BytesIO(recorder.artifacts["model.npz"][0])))


@pytest.mark.parametrize("written", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_format_and_precision_gives_the_mean(written: Any, dtype: Any) -> None:
    given, recorder = [arrays(seed, dtype) for seed in range(3)], MemoryRecorder()
    result = run([written(one) for one in given], recorder, facts=[{"weight": w} for w in (1.0, 2.0, 5.0)])
    model = model_of(recorder)
    for name, shape in SHAPES.items():
        assert model[name].shape == shape
        assert model[name].dtype == dtype
        expected = sum(w * one[name].astype(float) for w, one in zip((1, 2, 5), given, strict=True)) / 8
        assert np.allclose(model[name], expected, rtol=1e-6 if dtype == np.float32 else 1e-12)
        assert np.allclose(result["arrays"][name], expected, rtol=1e-6)
    assert [one["share"] for one in result["clients"]] == pytest.approx([1 / 8, 2 / 8, 5 / 8])
    assert result["refused"] == []


def test_whole_models_and_changes_come_to_the_same() -> None:
    model, given = arrays(9, np.float64), [arrays(seed, np.float64) for seed in range(3)]
    changes = [{name: one[name] - model[name] for name in one} for one in given]
    held = {"arrays": {name: array.tolist() for name, array in model.items()}}
    settings: dict[str, Any] = {"strategy": "fedavgm", "settings": {"rate": 0.5}, "model": held}
    one = run([npz(each) for each in given], form="weights", **settings)["arrays"]
    two = run([npz(each) for each in changes], form="change", **settings)["arrays"]
    for name in SHAPES:
        assert np.allclose(one[name], two[name], rtol=1e-12)


def test_moments_are_handed_on_from_round_to_round() -> None:
    first, second = MemoryRecorder(), MemoryRecorder()
    given = [npz(arrays(1, np.float64)), npz(arrays(2, np.float64))]
    options = {"strategy": "fedadam", "form": "change"}
    begun = run(given, first, **options)
    moments = str(UUID(int=77))
    second.inputs[moments] = Kept(first.artifacts[begun["moments"]][0])
    gone_on = run(given, second, moments={"artifact": moments}, **options)
    assert gone_on["change_norm"] > 1.2 * begun["change_norm"]
    kept = np.load(io.BytesIO(second.artifacts["moments.npz"][0]))
    assert kept["steps"] == [2.0]


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (b"nothing of the sort", "unreadable", "neither npz nor safetensors nor Arrow"),
        (npz(arrays(1))[:200], "unreadable", "broken"),
        (
            npz({**arrays(1), "bias": np.ones(5, np.float32)}),
            "unlike",
            r"'bias' has shape \[5\]; the model's has \[4\]",
        ),
        (npz({"kernel": np.ones((3, 4))}), "unlike", "'bias' is missing"),
        (npz({**arrays(1), "extra": np.ones(2)}), "unlike", "no array 'extra'"),
        (npz({**arrays(1), "bias": np.array([1, np.nan, 1, 1])}), "not_finite", "'bias' is no number at value 1"),
        (npz({**arrays(1), "bias": np.array([1, 1, 1, -np.inf])}), "not_finite", "'bias' is infinite at value 3"),
        (npz({**arrays(1), "bias": np.array(["a"] * 4)}), "unreadable", "float32 and float64 are read"),
        (npz({**arrays(1), "kernel": np.asfortranarray(np.ones((3, 4)))}), "unreadable", "Fortran order"),
        (safetensors(arrays(1))[:-4], "unreadable", "ends before its last value"),
        (safetensors(arrays(1)).replace(b"[0, 48]", b"[0, 44]"), "unreadable", "offsets of kernel do not fit"),
        (arrow(arrays(1))[:100], "unreadable", "broken"),
    ],
)
def test_a_bad_update_is_left_out_by_name_or_fails_the_job(content: bytes, code: str, told: str) -> None:
    files = [npz(arrays(2)), content, npz(arrays(3))]
    result = run(files)
    assert [(one["client"], one["code"]) for one in result["refused"]] == [("c1", code)]
    with pytest.raises((UploadUnreadable, UpdateUnlike, UpdateNotFinite), match=told) as caught:
        run(files, strict=True)
    assert [error.pointer for error in caught.value.errors] == ["/params/updates/1/update"]
    assert "The update of c1" in caught.value.detail


def test_an_object_array_is_never_unpickled() -> None:
    file = io.BytesIO()
    np.savez(file, **{**arrays(1), "bias": np.array([{}], dtype=object)})
    assert run([npz(arrays(2)), file.getvalue()])["refused"][0]["code"] == "unreadable"


def test_the_size_limit_holds_to_the_byte() -> None:
    files = [npz(arrays(1)), npz({**arrays(2)})]
    assert run(files, max_bytes=len(files[0]))["counted"] == 2
    with pytest.raises(UpdatesTooFew, match="at most"):
        run(files, max_bytes=len(files[0]) - 1)


def test_long_changes_are_shortened_or_refused_at_the_limit() -> None:
    files = [npz({"w": np.array([3.0, 4.0])}), npz({"w": np.array([0.3, 0.4])})]
    whole = run(files, clip_norm=5.0)
    assert [one["clipped"] for one in whole["clients"]] == [False, False]
    clipped = run(files, clip_norm=1.0)
    assert [one["clipped"] for one in clipped["clients"]] == [True, False]
    assert clipped["arrays"]["w"] == pytest.approx([0.45, 0.6])
    assert run(files, max_norm=5.0)["refused"] == []
    assert [one["code"] for one in run(files, max_norm=4.999)["refused"]] == ["too_long"]


def test_the_layout_is_that_of_most_clients_when_there_is_no_model() -> None:
    strange = npz({"other": np.ones(3)})
    result = run([strange, npz(arrays(1)), npz(arrays(2))])
    assert [one["client"] for one in result["refused"]] == ["c0"]


def test_a_quorum_counts_good_updates_alone() -> None:
    files = [npz(arrays(1)), npz(arrays(2)), b"?"]
    assert run(files, at_least=2)["counted"] == 2
    with pytest.raises(UpdatesTooFew, match="2 of 3 updates are good; 3 are needed"):
        run(files, at_least=3)


def test_attackers_are_named_with_what_gave_them_away() -> None:
    rng = np.random.default_rng(3)
    truth = rng.standard_normal(200)
    files = [npz({"w": truth + 0.5 * rng.standard_normal(200)}) for _ in range(12)]
    twin = truth + 0.7 * rng.standard_normal(200)
    files += [npz({"w": -3.0 * truth}), npz({"w": twin}), npz({"w": twin}), npz({"w": truth * 9})]
    result = run(files, strategy="multi_krum", settings={"faults": 4}, form="change")
    reasons = {one["client"]: set(one["reasons"]) for one in result["clients"] if one["reasons"]}
    assert reasons == {"c12": {"far", "opposed"}, "c13": {"identical"}, "c14": {"identical"}, "c15": {"far"}}
    assert result["suspected"] == ["c12", "c13", "c14", "c15"]


def test_honest_clients_are_rarely_suspected() -> None:
    suspected = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        truth = 0.2 * rng.standard_normal(300)
        files = [npz({"w": truth + rng.standard_normal(300)}) for _ in range(15)]
        suspected += len(run(files, form="change")["suspected"])
    assert suspected <= 3  # of 300


def test_a_wrong_model_or_trusted_update_is_named_by_field() -> None:
    with pytest.raises(StrategyUnfit) as caught:
        run([npz(arrays(1))], model={"arrays": {"w": [None]}})
    assert [error.pointer for error in caught.value.errors] == ["/params/model"]
    with pytest.raises(StrategyUnfit) as caught:
        run([npz(arrays(1))], strategy="fltrust", trusted={"arrays": {"w": [1.0]}})
    assert [error.pointer for error in caught.value.errors] == ["/params/trusted"]
    with pytest.raises(StrategyUnfit) as caught:
        run([npz(arrays(1))], strategy="fedavgm", moments={"arrays": {"w": [1.0]}})
    assert [error.pointer for error in caught.value.errors] == ["/params/moments"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"strategy": "magic"}, {"strategy"}),
        ({"settings": {"faults": -1}}, {"settings"}),
        ({"settings": {"colour": 1}}, {"settings"}),
        ({"strategy": "fltrust", "settings": {}}, {"trusted"}),
        ({"strategy": "qfedavg", "settings": {}}, {"updates"}),
        ({"updates": []}, {"updates"}),
        ({"updates": [{"client": "a", "update": {"arrays": {"w": [[1], [1, 2]]}}}]}, {"updates"}),
        ({"updates": [{"client": "a", "update": {}}]}, {"updates"}),
        ({"updates": [{"client": "a", "update": {"arrays": {"w": 1}}}] * 2}, {"updates"}),
        ({"max_bytes": 0}, {"max_bytes"}),
        ({"clip_norm": 0}, {"clip_norm"}),
    ],
)
def test_bad_params_are_refused_by_field(change: dict[str, Any], where: set[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        AggregateParams().load({**examples.aggregation(), **change})
    assert set(caught.value.messages_dict) == where


def test_values_written_out_are_limited() -> None:
    def load(count: int) -> None:
        AggregateParams().load({"updates": [{"client": "a", "update": {"arrays": {"w": [0.5] * count}}}]})

    load(MOST_INLINE_VALUES)
    with pytest.raises(ValidationError, match="upload larger ones"):
        load(MOST_INLINE_VALUES + 1)


def test_the_model_is_the_same_bytes_each_time() -> None:
    first, second = MemoryRecorder(), MemoryRecorder()
    for recorder in (first, second):
        run([npz(arrays(1)), npz(arrays(2))], recorder)
    assert first.artifacts == second.artifacts
    with zipfile.ZipFile(io.BytesIO(first.artifacts["model.npz"][0])) as archive:
        assert archive.namelist() == ["bias.npy", "kernel.npy"]
