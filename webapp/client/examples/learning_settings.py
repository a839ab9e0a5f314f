"""From tasks with known answers to settings: what served there is tried first where the answer is not known yet."""

from penstock_client import Client

with Client() as client:
    adapt = client.submit("metalearning.adapt", client.kind("metalearning.adapt").example)
    print("to be tried first:", adapt.result(timeout=300)["best"])
    prior = next(artifact for artifact in adapt.artifacts() if artifact.name == "prior.json")
    task = client.kind("metalearning.tune").example["task"]
    asked = {"target": "causal.discover", "task": task, "prior": {"artifact": prior.artifact_id}, "trials": 2}
    tuned = client.submit("metalearning.tune", asked).result(timeout=300)
    print("tuned:", tuned["settings"], "reward", tuned["reward"], "as given", tuned["default_reward"])
