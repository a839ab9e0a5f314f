"""The kinds of pump optimization, bound."""

from core.workloads.pumping import (
    backtest,
    backtest_day,
    forecast,
    kinds,
    optimization,
    rehearsal,
    replan,
    simulation,
    whatif,
)
from tasks.binding import job_task

run_optimize = job_task(kinds.OPTIMIZE, optimization.compute)
run_simulate = job_task(kinds.SIMULATE, simulation.compute)
run_forecast = job_task(kinds.FORECAST, forecast.compute)
run_replan = job_task(kinds.REPLAN, replan.compute)
run_backtest = job_task(kinds.BACKTEST, backtest.compute)
run_backtest_day = job_task(kinds.BACKTEST_DAY, backtest_day.compute)
run_whatif = job_task(kinds.WHATIF, whatif.compute)
run_rehearse = job_task(kinds.REHEARSE, rehearsal.compute)
