"""The kinds of customers, bound."""

from core.workloads.customers import (
    action_jobs,
    audience_jobs,
    campaign_jobs,
    crm_jobs,
    importing,
    kinds,
    people_jobs,
    segment_jobs,
    trust_jobs,
)
from tasks.binding import job_task

run_import_events = job_task(kinds.IMPORT_EVENTS, importing.compute)
run_resolve_identities = job_task(kinds.RESOLVE_IDENTITIES, people_jobs.resolve)
run_evaluate_trust = job_task(kinds.EVALUATE_TRUST, trust_jobs.evaluate)
run_collect_signals = job_task(kinds.COLLECT_SIGNALS, trust_jobs.collect)
run_apply_actions = job_task(kinds.APPLY_ACTIONS, action_jobs.apply)
run_publish_campaign = job_task(kinds.PUBLISH_CAMPAIGN, campaign_jobs.publish)
run_sync_crm = job_task(kinds.SYNC_CRM, crm_jobs.sync)
run_erase_profile = job_task(kinds.ERASE_PROFILE, people_jobs.erase)
run_export_profile = job_task(kinds.EXPORT_PROFILE, people_jobs.export)
run_refresh_segment = job_task(kinds.REFRESH_SEGMENT, segment_jobs.refresh)
run_score_rfm = job_task(kinds.SCORE_RFM, segment_jobs.score)
run_plan_audience_sync = job_task(kinds.PLAN_AUDIENCE_SYNC, audience_jobs.plan)
run_apply_audience_sync = job_task(kinds.APPLY_AUDIENCE_SYNC, audience_jobs.apply)
run_export_audience = job_task(kinds.EXPORT_AUDIENCE, audience_jobs.export)
