"""This file is about what comes out of pumping jobs."""

from marshmallow import Schema, fields


def number(description: str, *, none: bool = False) -> fields.Float:
    """Make a field of a result that is a number, or null."""
    return fields.Float(required=True, allow_none=none, metadata={"description": description})


class BelowResult(Schema):
    """The basin of a station downstream during one step."""

    plant = fields.String(required=True, metadata={"description": "Name of the station."})
    level_m = number("Level at the end of the step, m.")
    volume_m3 = number("Volume at the end of the step, m3.")
    inflow_m3_per_h = number("Mean inflow during the step, which is what the station before it pumps, m3/h.")
    outflow_m3_per_h = number("Mean outflow during the step, m3/h.")
    power_kw = number("Power of its pumps, kW.")


class StepResult(Schema):
    """One step of a schedule."""

    time = fields.String(required=True, metadata={"description": "Beginning of the step, ISO 8601."})
    level_m = number("Level at the end of the step, m.")
    volume_m3 = number("Volume at the end of the step, m3.")
    inflow_m3_per_h = number("Mean inflow during the step, m3/h.")
    outflow_m3_per_h = number("Mean outflow during the step, m3/h; volume changes by exactly inflow - outflow.")
    power_kw = number("Power of all pumps, kW.")
    pumps = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        required=True,
        metadata={"description": "Frequency of each pump by name, Hz; 0 rests."},
    )
    downstream = fields.List(
        fields.Nested(BelowResult), metadata={"description": "Stations downstream, where the plant has any."}
    )


class AuditResult(Schema):
    """One rule as the independent audit saw it."""

    rule = fields.String(required=True, metadata={"description": "Name of the rule."})
    hard = fields.Boolean(required=True, metadata={"description": "Whether the rule is never relaxed."})
    limit = number("The limit, in the rule's unit.", none=True)
    worst = number("The worst value of the plan, in the rule's unit.", none=True)
    unit = fields.String(required=True, metadata={"description": "Unit of limit and worst."})
    violations = fields.Integer(required=True, metadata={"description": "How often the rule is broken."})


class ExplanationResult(Schema):
    """Why one pump switches when it does."""

    time = fields.String(required=True, metadata={"description": "When, ISO 8601."})
    pump = fields.String(required=True, metadata={"description": "Which pump."})
    action = fields.String(required=True, metadata={"description": "start or stop."})
    reason = fields.String(required=True, metadata={"description": "Why then."})
    saves_eur = number("What the next best time would cost more, EUR; null when a rule allows no other.", none=True)


class ComparisonResult(Schema):
    """Another operation over the same horizon: measured, or the rule controller's in the same model."""

    energy_cost_eur = number("Cost of energy, EUR.")
    energy_kwh = number("Energy, kWh.")
    pumped_m3 = number("Water lifted, m3.")
    end_volume_m3 = number("Water left at the end, m3.")
    end_volume_credit_eur = number("What less water at the end than at the start saves tomorrow, EUR.")
    adjusted_cost_eur = number("Cost of energy less the credit, EUR.")
    mean_abs_flow_change_m3_per_h = number("Mean change of the outflow from step to step, m3/h.")
    flow_sd_m3_per_h = number("Standard deviation of the outflow within a day, m3/h.")


class BaselineResult(ComparisonResult):
    """The rule controller's plan in the same model."""

    starts = fields.Integer(required=True, metadata={"description": "Pump starts."})
    rule_violations = fields.Integer(required=True, metadata={"description": "Violations found by the audit."})
    level_m = fields.List(fields.Float(), required=True, metadata={"description": "Level at each step's end, m."})
    outflow_m3_per_h = fields.List(fields.Float(), required=True, metadata={"description": "Outflow, m3/h."})


class ObjectiveResult(Schema):
    """The parts of the objective, shown apart."""

    energy_eur = number("Energy, EUR.")
    starts_eur = number("Pump starts, EUR.")
    smoothness_eur = number("Changes of the outflow, EUR.")
    end_volume_eur = number("Charge for water at the end, EUR.")
    alarm_eur = number("Deterrent on time above the alarm level, EUR.")


class SavingsResult(Schema):
    """Where the difference in adjusted cost from the rule controller comes from; the parts add up to the total."""

    cheaper_hours_eur = number("Pumping at lower prices, EUR.")
    less_energy_eur = number("Needing fewer kWh for the water lifted, EUR.")
    less_water_eur = number("Lifting less water within the horizon, EUR.")
    end_volume_eur = number("Difference of the end volume's credit, EUR.")
    total_eur = number("Adjusted cost of the rule controller less that of the plan, EUR.")


class KpiResult(Schema):
    """Figures of a plan."""

    kwh_per_m3 = number("Specific energy, kWh/m3.")
    starts = fields.Integer(required=True, metadata={"description": "Pump starts."})
    stops = fields.Integer(required=True, metadata={"description": "Pump stops."})
    mean_abs_flow_change_m3_per_h = number("Mean change of the outflow from step to step, m3/h.")
    flow_sd_m3_per_h = number("Standard deviation of the outflow within a day, m3/h.")
    max_level_m = number("Highest level, m.")
    hours_above_alarm = number("Time above the alarm level, h.")
    adjusted_cost_eur = number("Cost of energy less the end volume's credit, EUR.")
    end_volume_m3 = number("Water left at the end, m3.")
    co2_kg = number("Emissions, kg CO2; null without a factor.", none=True)


class SimulateResult(Schema):
    """Result of `pumping.simulate`."""

    energy_cost_eur = number("Cost of energy, EUR.")
    energy_kwh = number("Energy, kWh.")
    schedule = fields.List(fields.Nested(StepResult), required=True)
    audit = fields.List(fields.Nested(AuditResult), required=True)
    violations = fields.Integer(required=True, metadata={"description": "Violations of all rules."})
    mass_balance_residual_m3 = number("Largest residual of the balance of a step, m3.")
    kpis = fields.Nested(KpiResult, required=True)


class PumpStateResult(Schema):
    """What one pump did at the start."""

    on = fields.Boolean(required=True, metadata={"description": "Whether it ran."})
    minutes_since_switch = number("Minutes since its last switch, min.")


class OptimizeResult(Schema):
    """Result of `pumping.optimize`."""

    status = fields.String(
        required=True,
        metadata={
            "description": "optimal (gap below 0.05 %), feasible, infeasible or fallback.",
            "enum": [
                "optimal",
                "feasible",
                "infeasible",
                "fallback",
            ],
        },
    )
    infeasible_rule = fields.String(
        required=True, allow_none=True, metadata={"description": "The rule that no plan can keep."}
    )
    relaxed = fields.List(
        fields.String(), required=True, metadata={"description": "Soft rules that had to be dropped, in order."}
    )
    solver = fields.String(required=True, metadata={"description": "Who made the plan."})
    plant = fields.String(required=True, metadata={"description": "Name of the plant."})
    energy_cost_eur = number("Cost of energy, EUR.")
    energy_kwh = number("Energy, kWh.")
    objective_eur = number("What the planner minimizes, EUR.")
    objective = fields.Nested(ObjectiveResult, required=True)
    lower_bound_eur = number("No plan keeping the rules has a lower objective, EUR; null when unknown.", none=True)
    gap = number("(objective - lower bound) / objective, 0 within a cent; null when unknown.", none=True)
    bound_complete = fields.Boolean(
        required=True, metadata={"description": "False when the time limit ended the refinement of the bound."}
    )
    end_volume_credit_eur = number("What less water at the end than at the start saves tomorrow, EUR.")
    water_value_eur_per_m3 = number("Value of stored water: its cost to lift at the mean price, EUR/m3.")
    emptied_today = fields.Boolean(
        required=True, metadata={"description": "Whether the first day's emptying was done before the start."}
    )
    initial_pumps = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(PumpStateResult),
        required=True,
        metadata={"description": "State of each pump that the plan starts from; a later plan goes on from it."},
    )
    schedule = fields.List(fields.Nested(StepResult), required=True)
    audit = fields.List(fields.Nested(AuditResult), required=True)
    explanation = fields.List(fields.Nested(ExplanationResult), required=True)
    kpis = fields.Nested(KpiResult, required=True)
    baseline = fields.Nested(BaselineResult, required=True)
    savings = fields.Nested(SavingsResult, required=True)
    recorded = fields.Nested(ComparisonResult, required=True, allow_none=True)
    warnings = fields.List(fields.String(), required=True, metadata={"description": "What an operator should know."})
