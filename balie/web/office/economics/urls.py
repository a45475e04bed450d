"""The addresses of the pages of controlling that stand on kept economics."""

from django.urls import path

from balie.web.office.economics import cost_deeds, costs, flat_rates, limits, month, ranking, shown, tariffs

urlpatterns = [
    path("controlling/", month.month, name="controlling"),
    path("controlling/clients/", ranking.ranking, name="margins"),
    path("controlling/clients.<str:format>", ranking.file, name="margins_file"),
    path("controlling/tariffs/", tariffs.tariffs, name="tariff_margins"),
    path("controlling/limits/", limits.limits, name="cost_limits"),
    path("controlling/flat-rates/", flat_rates.flat_rates, name="flat_rates"),
    path("controlling/again/", shown.again, name="economics_again"),
    path("controlling/progress/", shown.progress, name="economics_progress"),
    path("settings/costs/", costs.costs, name="costs"),
    path("settings/costs/put/", cost_deeds.put, name="put_costs"),
    path("settings/costs/<int:pk>/undo/", cost_deeds.undo, name="undo_costs"),
    path("settings/costs/<int:pk>/remove/", cost_deeds.remove, name="remove_costs"),
    path("settings/costs/<int:pk>/restore/", cost_deeds.restore, name="restore_costs"),
    path("settings/costs/first/<int:pk>/undo/", cost_deeds.undo_first, name="undo_first_costs"),
    path("settings/costs/fixed/", cost_deeds.add_fixed, name="add_fixed_cost"),
    path("settings/costs/fixed/<int:pk>/remove/", cost_deeds.remove_fixed, name="remove_fixed_cost"),
    path("settings/costs/fixed/<int:pk>/restore/", cost_deeds.restore_fixed, name="restore_fixed_cost"),
    path("settings/costs/groups/", cost_deeds.add_group, name="add_agent_group"),
    path("settings/costs/groups/<int:pk>/remove/", cost_deeds.drop_group, name="remove_agent_group"),
    path("settings/costs/agents/", cost_deeds.put_agents, name="put_agents_into_groups"),
    path("settings/costs/agents/<int:pk>/undo/", cost_deeds.undo_agents, name="undo_agent_groups"),
]
