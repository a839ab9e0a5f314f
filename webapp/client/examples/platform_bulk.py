"""Many jobs at once: submitted in one round trip, found and cancelled by what is known of them."""

from penstock_client import Client

with Client() as client:
    handles = client.submit_many("platform.echo", [{"number": number} for number in range(100)])
    print(sum(handle.result(timeout=60)["number"] for handle in handles), "is the sum of all answers")

    sleeper = client.submit("platform.sleep", {"seconds": 60, "steps": 600}, tags=["example-sleeper"])
    print("would cancel", client.cancel_many(tag="example-sleeper", state="running", dry_run=True))
    sleeper.cancel()
    print("the sleeper was", sleeper.wait(timeout=30).state)
