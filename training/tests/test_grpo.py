"""Pair-GRPO: the group's arithmetic, the distribution, and that training raises a reward."""

import copy
import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from pairscope.export import tiny
from pairscope.export.folder import ROLES, Description, write_folder, write_index
from pairscope.export.ship import base_card_of, card_of, drawn_at, ship, ship_base
from pairscope.grpo import collect as collecting
from pairscope.grpo import dense, supervised
from pairscope.grpo import train as training
from pairscope.grpo.agreement import agreement
from pairscope.grpo.figures import window_of
from pairscope.grpo.groups import Pair, advantages, draw_pair, truth_chance, with_truth
from pairscope.grpo.held_out_run import Shown
from pairscope.grpo.likelihood import code_logp, given_logp, picture_logp
from pairscope.grpo.measures import by_novelty, markdown, per_pair, steadiness, summary
from pairscope.grpo.run_folder import Plan, RunFolder, digest
from pairscope.grpo.story import curve
from pairscope.grpo.trainer import GrpoTrainer
from pairscope.grpo.update import Unit, accumulate, token_losses, unit
from pairscope.model.language_model import Config, ImageTokenModel, save_checkpoint
from pairscope.model.rollout import draw
from pairscope.model.sample import Settings, sample
from pairscope.world.captions import FIRST_TEXT_TOKENS, prefix, text_ids
from pairscope.world.held_out import held_out
from pairscope.world.pair_sets import held_out_set

MASKED = Settings(1.0, 0.05, 1.0)
GUIDED = Settings(2.0, 0.05, 0.9)
CODES = 16
CAPTIONS = ["a dog", "two cats", "a dog", "a dog"]


@pytest.fixture(scope="module")
def model() -> ImageTokenModel:
    """A tiny network with opinions, for pictures of 3 x 4 cells."""
    torch.manual_seed(0)
    net = ImageTokenModel(
        Config(codes=CODES, text_tokens=FIRST_TEXT_TOKENS, prefix_length=24, rows=3, columns=4, width=32, heads=2, layers=2, ffn=48)
    )
    with torch.no_grad():
        net.token_embed.weight.mul_(18)
        for block in net.blocks:
            block.attention.o.weight.mul_(10)
            block.ffn.down.weight.mul_(10)
    return net.eval()


def test_advantages_are_those_of_the_group() -> None:
    rewards = torch.tensor([[0.9, 0.1, 0.5], [0.2, 0.2, 0.8]])
    flat = [0.9, 0.1, 0.5, 0.2, 0.2, 0.8]
    mean = sum(flat) / 6
    std = math.sqrt(sum((r - mean) ** 2 for r in flat) / 5)
    assert torch.allclose(advantages(rewards, True).reshape(-1), torch.tensor([(r - mean) / (std + 1e-4) for r in flat]), atol=1e-5)
    alone = advantages(rewards, False)
    for row, got in zip(rewards.tolist(), alone, strict=True):
        mean = sum(row) / 3
        std = math.sqrt(sum((r - mean) ** 2 for r in row) / 2)
        assert torch.allclose(got, torch.tensor([(r - mean) / (std + 1e-4) for r in row]), atol=1e-5)
    # A prompt whose pictures are all alike teaches nothing alone, and something beside its sibling.
    rewards = torch.tensor([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    assert (advantages(rewards, False) == 0).all() and (advantages(rewards, True)[0] > 0.5).all()


@pytest.mark.parametrize("paired", [False, True])
def test_a_prompt_whose_pictures_are_all_alike_is_left_out(paired: bool) -> None:
    rewards = torch.tensor([[0.91, 0.9, 0.9], [0.1, 0.9, 0.5]])
    found = advantages(rewards, paired, least_spread=0.02)
    assert (found[0] == 0).all() and torch.equal(found[1], advantages(rewards, paired)[1])


def test_the_siblings_image_alone_is_no_lesson() -> None:
    rewards = torch.tensor([[0.9, 0.9, 0.91, 0.0], [0.1, 0.1, 0.9, 0.0]])  # rollouts, its own image, its sibling's
    found = advantages(rewards, True, least_spread=0.02, truth=True)
    assert (found[0] == 0).all(), "all right already"
    assert torch.equal(found[1], advantages(rewards, True)[1]) and found[1, 2] > 0 > found[1, 0], "its own image has what the rollouts lack"


def test_agreement_is_the_share_of_signal() -> None:
    generator = torch.Generator().manual_seed(1)
    signal, noise = torch.randn(1, 20_000, generator=generator), torch.randn(12, 20_000, generator=generator)
    assert agreement(noise)["signal"] == pytest.approx(0, abs=0.02)
    found = agreement(signal + 2 * noise)
    assert found["signal"] == pytest.approx(0.2, abs=0.02) and 0 < found["standardError"] < 0.02


def test_ground_truth_takes_two_places_of_the_group() -> None:
    samples, truth = torch.zeros(2, 5, 4, dtype=torch.long), torch.tensor([[1] * 4, [2] * 4])
    group = with_truth(samples, truth)
    assert group.shape == (2, 7, 4)
    assert group[0, 5, 0] == 1 and group[0, 6, 0] == 2, "its own image, then its sibling's"
    assert group[1, 5, 0] == 2 and group[1, 6, 0] == 1
    assert [truth_chance(0.5, p) for p in (0.0, 0.5, 1.0)] == [0.5, 0.25, 0.0]


def test_training_pairs_name_nothing_that_is_held_out() -> None:
    reported = {prompt.scene for prompt in held_out_set()}
    for index in range(600):
        pair = draw_pair(f"0 {index // 8} {index % 8}")
        assert not held_out(pair.scenes[0]) and not held_out(pair.scenes[1])
        assert reported.isdisjoint(pair.scenes)
    assert draw_pair("0 1 2") == draw_pair("0 1 2")


@pytest.mark.parametrize("settings", [MASKED, GUIDED])
def test_rollouts_are_the_samplers_pictures_and_know_their_probability(model: ImageTokenModel, settings: Settings) -> None:
    drawn = draw(model, CAPTIONS, [1, 2, 3, 1], settings)
    assert torch.equal(drawn.tokens, sample(model, CAPTIONS, [1, 2, 3, 1], settings))
    assert torch.equal(drawn.tokens[0], drawn.tokens[3]) and not torch.equal(drawn.tokens[0], drawn.tokens[2])
    assert 0.05 < drawn.decided.float().mean() < 0.99 and (drawn.logp[~drawn.decided] == 0).all()
    rows = torch.tensor([0, 2])
    logp, _ = picture_logp(model, torch.tensor([prefix(text_ids("a dog"))] * 2), drawn.tokens[rows], drawn.decided[rows], settings)
    assert torch.allclose(logp, drawn.logp[rows][drawn.decided[rows]], atol=1e-4)
    logp, inside, _ = given_logp(model, prefix(text_ids("a dog")), drawn.tokens[rows], settings)
    assert inside.all() and torch.allclose(logp, drawn.logp[rows], atol=1e-4) and torch.equal(logp != 0, drawn.decided[rows])


def test_the_mask_opens_for_a_given_code() -> None:
    cond = torch.tensor([[2.0, 1.0, -8.0]]).repeat(3, 1)
    logp, inside = code_logp(cond, None, torch.tensor([0, 1, 2]), Settings(1.0, 0.05))
    two = torch.log_softmax(torch.tensor([2.0, 1.0]), -1)
    three = torch.log_softmax(torch.tensor([2.0, 1.0, -8.0]), -1)
    assert inside.tolist() == [True, True, False]
    assert torch.allclose(logp, torch.stack([two[0], two[1], three[2]]))


def test_kl_pulls_towards_the_reference() -> None:
    logp = torch.tensor([-1.0, -3.0, -2.0], requires_grad=True)
    policy, kl = token_losses(logp, torch.full((3,), -2.0), torch.zeros(3), torch.ones(3), 1.0)
    (policy + kl).sum().backward()
    assert logp.grad is not None
    assert logp.grad[0] > 0, "above the reference: made less likely"
    assert logp.grad[1] < 0, "below it: made more likely"
    assert logp.grad[2] == 0 and (kl >= 0).all()
    logp.grad = None
    policy, _ = token_losses(logp, torch.full((3,), -2.0), torch.tensor([1.0, -1.0, 2.0]), torch.ones(3), 0.0)
    policy.sum().backward()
    assert torch.allclose(logp.grad, torch.tensor([-1.0, 1.0, -2.0])), "the gradient of -A log p"


def _elsewhere(model: ImageTokenModel) -> ImageTokenModel:
    """A reference that the policy has moved away from."""
    reference = copy.deepcopy(model)
    with torch.no_grad():
        reference.final_norm.weight.mul_(0.9)
    return reference


def test_gradient_is_that_of_the_plain_loss(model: ImageTokenModel) -> None:
    """Shared beginnings, equal rollouts, skipped cells and the cut end change nothing."""
    torch.manual_seed(1)
    drawn = draw(model, ["a dog"] * 4, [1, 2, 3, 1], MASKED)
    truth = torch.randint(0, CODES, (2, 12))  # with codes outside the mask
    tokens, advantage = torch.cat([drawn.tokens, truth]), torch.tensor([1.0, -0.5, 0.3, 0.2, 1.5, -2.0])
    reference = _elsewhere(model)
    fast = copy.deepcopy(model)
    accumulate(fast, reference, [unit("a dog", tokens, drawn.decided, advantage)], MASKED, 0.5, False)
    plain = copy.deepcopy(model)
    ids = torch.cat([torch.tensor([prefix(text_ids("a dog"))] * 6) + CODES, tokens], 1)[:, :-1]

    def all_logp(net: ImageTokenModel) -> tuple[torch.Tensor, torch.Tensor]:
        logp, inside = code_logp(net(ids).reshape(-1, CODES), None, tokens.reshape(-1), MASKED)
        return logp.view(6, 12), inside.view(6, 12)

    (logp, inside), (before, _) = all_logp(plain), all_logp(reference)
    a = advantage[:, None].expand(-1, 12).clone()
    drawn_so_far = torch.where(inside[5], logp[5].detach(), -torch.inf).cumsum(0).exp()
    a[5] *= drawn_so_far  # a negative that is given counts as much as it is drawn
    losses = -(logp - logp.detach()).exp() * a + 0.5 * ((before.detach() - logp).exp() - (before.detach() - logp) - 1)
    assert not inside[4:].all() and drawn_so_far[0] > 0 and drawn_so_far[-1] == 0
    counts = torch.ones_like(inside)
    counts[5] = drawn_so_far > 0  # and what it cannot draw is not even held to the reference
    (losses * counts).mean().backward()
    for (name, p), q in zip(plain.named_parameters(), fast.parameters(), strict=True):
        assert torch.allclose(p.grad, q.grad, atol=1e-5 * float(p.grad.abs().max()) + 1e-8, rtol=1e-3), name


def _two_units(model: ImageTokenModel) -> list[Unit]:
    """Groups of two prompts, rollouts and given pictures."""
    torch.manual_seed(1)
    units = []
    for caption, seeds in (("a dog", [1, 2, 3, 1]), ("two cats", [4, 5, 6, 7])):
        drawn = draw(model, [caption] * 4, seeds, MASKED)
        tokens = torch.cat([drawn.tokens, torch.randint(0, CODES, (2, 12))])
        units.append(unit(caption, tokens, drawn.decided, torch.randn(6)))
    return units


def test_whole_batches_give_the_same_gradient(model: ImageTokenModel) -> None:
    units, reference = _two_units(model), _elsewhere(model)
    one, other = copy.deepcopy(model), copy.deepcopy(model)
    told = accumulate(one, reference, units, MASKED, 0.5, False)
    same = dense.accumulate(other, reference, units, MASKED, 0.5, bf16=False, rows=5)
    for (name, p), q in zip(one.named_parameters(), other.named_parameters(), strict=True):
        assert torch.allclose(p.grad, q[1].grad, atol=1e-5 * float(p.grad.abs().max()) + 1e-8, rtol=1e-3), name
    assert (same.given, same.outside) == (told.given, told.outside) and same.policy == pytest.approx(told.policy, abs=1e-4)
    assert same.logp == pytest.approx(told.logp, rel=1e-4)


def test_bfloat16_rounds_the_gradient_and_no_more(model: ImageTokenModel) -> None:
    """Pictures of several prompts then go through the network together."""
    units, reference = _two_units(model), _elsewhere(model)
    exact, rounded = copy.deepcopy(model), copy.deepcopy(model)
    told = accumulate(exact, reference, units, MASKED, 0.5, False)
    same = accumulate(rounded, reference, units, MASKED, 0.5, True)
    one, other = (torch.cat([p.grad.flatten() for p in net.parameters()]) for net in (exact, rounded))
    assert torch.cosine_similarity(one, other, 0) > 0.995
    assert same.given == told.given and same.policy == pytest.approx(told.policy, rel=0.05) and same.kl == pytest.approx(told.kl, rel=0.05)


@pytest.mark.parametrize("whole_batches", [True, False])
def test_bfloat16_draws_from_the_same_distribution(model: ImageTokenModel, whole_batches: bool) -> None:
    captions = ["a dog", "two cats"]
    if whole_batches:
        drawn = dense.draw(model, captions, 2000, MASKED, torch.Generator().manual_seed(0))
    else:
        drawn = draw(model, [c for c in captions for _ in range(2000)], list(range(4000)), MASKED, bf16=True)
    for index, caption in enumerate(captions):
        tokens = drawn.tokens[2000 * index : 2000 * (index + 1)]
        logits = model(torch.tensor([prefix(text_ids(caption))]) + CODES)[0, 0]
        expected = torch.softmax(logits.masked_fill(logits < logits.max() + math.log(MASKED.mask), -torch.inf), -1)
        seen = torch.bincount(tokens[:, 0], minlength=CODES) / len(tokens)
        assert (seen - expected).abs().max() < 0.04 and not seen[expected == 0].any()
        logp, _ = picture_logp(model, torch.tensor([prefix(text_ids(caption))] * 8), tokens[:8], torch.ones_like(tokens[:8], dtype=torch.bool), MASKED)
        assert (logp.view(8, -1) - drawn.logp[2000 * index :][:8]).abs().median() < 0.02  # bfloat16


class _LikesCode:
    """A judge for the toy runs: the share of one code in the picture."""

    def __call__(self, _: object, pictures: torch.Tensor, captions: tuple[str, str], kind: str) -> torch.Tensor:
        return (pictures == 3).float().mean(-1)


@pytest.fixture
def toy(model: ImageTokenModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A base checkpoint whose training is judged by the toy reward, and has toy ground truth."""
    monkeypatch.setattr(Pair, "truth", lambda _: torch.arange(24).view(2, 12) % CODES)
    monkeypatch.setattr(collecting, "rewards", _LikesCode())
    monkeypatch.setattr(training, "Judge", lambda *_: None)
    save_checkpoint(str(tmp_path / "base.pt"), model, step=0)
    return tmp_path


def _plan(base: Path, **changes: object) -> Plan:
    plan = Plan("vanilla", 0, 14, digest(base), 2e-2, pairs=1, samples=4, truth=0.0)
    return dataclasses.replace(plan, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("method", "dense"), [("pair", False), ("vanilla", False), ("pair", True)])
def test_a_toy_reward_rises(toy: Path, method: str, dense: bool) -> None:
    folder = RunFolder(toy / method)
    training.train(_plan(toy / "base.pt", method=method, dense=dense), toy / "base.pt", folder)
    rewards = [line["reward"] for line in folder.lines()]
    assert len(rewards) == 14 and folder.done()
    assert sum(rewards[-4:]) / 4 > sum(rewards[:4]) / 4 + 0.2


@pytest.mark.parametrize(("method", "truth"), [("vanilla", 0.0), ("pair", 1.0)])
def test_a_step_without_a_lesson_changes_nothing(toy: Path, monkeypatch: pytest.MonkeyPatch, method: str, truth: float) -> None:
    monkeypatch.setattr(collecting, "rewards", lambda judge, group, captions, kind: torch.full(group.shape[:2], 0.5))
    folder = RunFolder(toy / f"even-{method}")
    training.train(_plan(toy / "base.pt", method=method, truth=truth, steps=2), toy / "base.pt", folder)
    base, after = (torch.load(path, weights_only=True)["state_dict"] for path in (toy / "base.pt", folder.checkpoint))
    assert all(torch.equal(base[name], after[name]) for name in base)
    assert [line["prompts"] for line in folder.lines()] == [0, 0]


def test_pairs_that_came_out_now_right_now_wrong_are_drawn_again(toy: Path, monkeypatch: pytest.MonkeyPatch, model: ImageTokenModel) -> None:
    plan = _plan(toy / "base.pt", pairs=3, hard=1.0)
    for right, again in (([1.0, 0.0, 1.0, 1.0], True), ([0.0] * 4, False), ([1.0] * 4, False)):
        monkeypatch.setattr(collecting, "rewards", lambda judge, group, captions, kind, right=right: torch.tensor([right, right]))
        trainer = GrpoTrainer(plan, copy.deepcopy(model), model, training.Judge(), [])
        first = {pair.name for pair in collecting.choose_pairs(plan, 0, trainer.pool)}
        trainer.step(0, 0.0)
        assert ({pair.name for pair in collecting.choose_pairs(plan, 1, trainer.pool)} == first) == again


def test_a_stopped_run_goes_on_as_if_it_had_not(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MIXED", 0.05)
    base, results = toy / "base.pt", []
    plan = _plan(base, method="pair", steps=4, truth=1.0, hard=0.5)
    for name, stops in (("whole", [None]), ("stopped", [2, None])):
        folder = RunFolder(toy / name)
        for stop in stops:
            training.train(plan, base, folder, stop_at=stop)
        stored = torch.load(folder.checkpoint, weights_only=True)
        timed = ("cpu", "seconds", "wall")
        results.append((stored["state_dict"], stored["pool"], [{k: v for k, v in line.items() if k not in timed} for line in folder.lines()]))
    (one, pool_one, lines_one), (two, pool_two, lines_two) = results
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert pool_one == pool_two != [] and lines_one == lines_two and "truth" in lines_one[0]
    with pytest.raises(SystemExit, match="began with another plan"):
        training.train(dataclasses.replace(plan, beta=0.3), base, folder)


def test_supervised_goes_on_from_the_base_for_its_cpu_time(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervised, "training_batch", lambda seed, size, codes: torch.arange(36).remainder(codes).repeat(size, 1))
    base = toy / "base.pt"
    folder = RunFolder(toy / "supervised")
    plan = _plan(base, method="supervised", rate=1e-3, muon_rate=1e-2, images=4, steps=3)
    training.train(plan, base, folder)
    assert [line["step"] for line in folder.lines()] == [1, 2, 3]
    assert json.loads(folder.plan_file.read_text())["images"] == 4
    timed = RunFolder(toy / "timed")
    training.train(dataclasses.replace(plan, steps=10_000, cpu_seconds=0.2), base, timed)
    spent = sum(line["seconds"] for line in timed.lines())
    rounding = 0.0005 * len(timed.lines())  # the log's seconds have three decimals
    assert spent >= 0.2 - rounding and spent - timed.lines()[-1]["seconds"] < 0.2 + rounding and timed.done()


def test_report_measures_pairs() -> None:
    yes = np.array([[[1.0, 1.0], [0.0, 1.0]], [[0.5, 0.5], [0.5, 0.5]]])
    right = np.array([[[True, True], [False, True]], [[True, False], [False, True]]])
    one = Shown(yes, right, np.zeros((2, 2, 2, 144), np.int64))
    assert per_pair(one).tolist() == [[75, 50], [0, 50], [75, 0], [75, 50], [50, 0]]
    better = Shown(np.ones_like(yes), np.ones_like(right), one.tokens)
    result = summary({"base": [one], "pair": [better, better]}, ["Color difference", "Text difference"])
    assert result["methods"]["base"]["mean"]["Average"] == {"s_a": 62.5, "s_g": 25, "gap": 37.5, "right": 62.5, "bothRight": 25}
    assert result["differences"]["pair - base"]["mean"]["s_g"] == 75 and len(result["methods"]["pair"]["seeds"]) == 2
    low, high = result["methods"]["base"]["interval"]["s_g"]
    assert low <= 25 <= high
    methods = {"base": [one], "pair": [better, better]}
    novelty = by_novelty(methods, np.array([[True, False], [False, False]]))
    assert novelty["unseen"] == {"prompts": 1, "right": {"base": 100, "pair": 100}, "more": {"pair": {"mean": 0, "interval": [0, 0]}}}
    assert novelty["others"]["prompts"] == 3 and novelty["others"]["right"]["base"] == 50 and novelty["others"]["more"]["pair"]["mean"] == 50
    assert steadiness(methods) == {"base": {"all": 25, "some": 75, "none": 0}, "pair": {"all": 100, "some": 0, "none": 0}}
    result |= {"novelty": novelty, "steadiness": steadiness(methods)}
    text = markdown({"how": "Here.", "cost": {"pair-0": {"steps": 3, "cpuSeconds": 20.0, "passes": 1e6}}, **result})
    assert "| pair | 100.00 (100.00 to 100.00) |" in text and "| nothing new | 3 | 50.0 | +50.0 (" in text


def test_a_trained_run_is_shipped_beside_its_base(tmp_path: Path) -> None:
    models, (model, weights) = tmp_path / "models", tiny.tiny_model()
    companions = tiny.companions_of(model.config, tiny.tiny_text(), {"objects": []}, 8)
    description = Description("embedded", "Embedded model", 1, (48, 48), 0, 0.0, {"guidanceWeight": 2}, [])
    base = write_folder(models, weights, description, companions)
    write_index(models, base.name, [])
    plan = Plan("pair", 1, 300, "sha", 1e-4)
    seeds = [{"s_a": 1.0, "s_g": 1.0, "gap": 0.0, "right": 1.0, "bothRight": 1.0}, {"s_a": 70, "s_g": 60, "gap": 10, "right": 50, "bothRight": 40}]
    report = {"methods": {"pair": {"seeds": seeds}}, "settings": {"guidance": 1.0, "mask": 0.05, "temperature": 1.0}}
    card = card_of({"data": "Scenes."}, plan, 300, 90.0, report)
    assert card["evaluation"]["right"] == 0.5 and card["judge"]["average"]["s_g"] == 0.6 and card["data"] == "Scenes."
    assert "evaluation" not in card_of({}, plan, 300, 90.0, None)
    folders = []
    for scale in (1.1, 1.2):
        with torch.no_grad():
            model.token_embed.weight.mul_(scale)
        folders.append(ship(models, base.name, model, plan, card))
        index = json.loads((models / "index.json").read_text())
        assert index["default"] == base.name and index["roles"] == {"base": base.name, "pair-grpo": folders[-1].name}
        assert index["models"] == [base.name, folders[-1].name]
    assert folders[0] != folders[1] and index["archived"] == [folders[0].name], "links that were made with it open"
    assert {path.name for path in folders[0].iterdir()} == {"manifest.json", ROLES["decoder"], ROLES["codebook"]}
    for role in ("decoder", "text", "codebook", "centroids", "vocabulary"):
        assert (folders[1] / ROLES[role]).read_bytes() == (base / ROLES[role]).read_bytes()
    assert json.loads((folders[1] / "manifest.json").read_text())["defaults"]["guidanceWeight"] == 1.0
    with pytest.raises(SystemExit, match="lists no model"):
        ship(models, "embedded@0000000000000000", model, plan, card)


def test_a_new_base_takes_the_role_and_leaves_what_links_need_of_the_one_before(tmp_path: Path) -> None:
    models, (model, weights) = tmp_path / "models", tiny.tiny_model()
    companions = tiny.companions_of(model.config, tiny.tiny_text(), {"objects": []}, 8)
    default = write_folder(models, weights, Description("embedded", "Embedded model", 1, (48, 48), 0, 0.0, {"guidanceWeight": 2}, []), companions)
    write_index(models, default.name, [])
    stored = {"step": 10, "batch": 64, "seconds": 90.0}
    base_numbers = {"s_a": 60, "s_g": 40, "gap": 20, "right": 75, "bothRight": 55}
    report = {"methods": {"base": {"seeds": [base_numbers]}}, "settings": {"guidance": 1.0, "mask": 0.05, "temperature": 1.0}}
    card = base_card_of({"data": "Scenes."}, stored, report)
    assert "1.5 minutes and 640 pictures" in card["description"] and card["evaluation"]["right"] == 0.75 and card["data"] == "Scenes."
    first, second = (ship_base(models, tiny.random_model(tiny.tiny_config(), seed), drawn_at(Plan("pair", 0, 1, "sha", 1e-4)), card) for seed in (1, 2))
    index = json.loads((models / "index.json").read_text())
    assert index["default"] == default.name and index["roles"] == {"base": second.name}
    assert index["models"] == [default.name, second.name] and index["archived"] == [first.name]
    assert not (first / "weights.bin").exists() and (first / "decoder.onnx").exists() and (second / "weights.bin").exists()


def test_curves_are_thinned_means() -> None:
    lines = [{"step": step, "reward": step / 300} for step in range(1, 301)]
    assert window_of([lines, [{"bits": 1.0}] * 900]) == 20 and window_of([lines[:40]]) == 5
    points = curve(lines, "reward", 20)
    assert len(points) == 60 and points[0] == [20, round(10.5 / 300, 4)] and points[-1] == [300, round(290.5 / 300, 4)]
    assert curve(lines, "kl", 20) == [] and [step for step, _ in curve(lines[:3], "reward", 20)] == [3]
