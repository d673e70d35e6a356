"""Charts over time, as options of ECharts. Colours are variables of the page, so a chart follows its theme."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui
from nicegui.elements.echart import EChart

FEW = 6
"""Up to as many bars are broad."""

Values = Sequence[float | None]
SERIES = tuple(f"var(--series-{number})" for number in range(1, 6))
AXIS = {
    "axisLine": {"lineStyle": {"color": "var(--line)"}},
    "axisTick": {"show": False},
    "axisLabel": {"color": "var(--muted)", "fontSize": 11},
    "splitLine": {"lineStyle": {"color": "var(--line)"}},
}


def lines(words: str, days: Sequence[str], series: Mapping[str, Values], unit: str = "") -> EChart:
    """One line for each name; days without a value are a gap."""
    drawn = [
        {
            "type": "line",
            "name": name,
            "data": list(values),
            "symbolSize": 5,
            "showSymbol": len(days) < 45,
            "lineStyle": {"width": 2, "color": colour},
            "itemStyle": {"color": colour},
        }
        for (name, values), colour in zip(series.items(), SERIES, strict=False)
    ]
    return _chart(words, _over_time(days, list(series), drawn, unit))


def stacked(
    words: str, days: Sequence[str], series: Mapping[str, Values], colours: Sequence[str] = SERIES, unit: str = ""
) -> EChart:
    """Bars on top of one another, one for each name."""
    drawn = [
        {
            "type": "bar",
            "name": name,
            "stack": "all",
            "data": list(values),
            "barMaxWidth": 26 if len(days) > FEW else 72,
            "itemStyle": {"color": colour},
        }
        for (name, values), colour in zip(series.items(), colours, strict=False)
    ]
    return _chart(words, _over_time(days, list(series), drawn, unit))


def ranked(words: str, values: Mapping[str, float], unit: str = "") -> EChart:
    """Horizontal bars, the first one on top."""
    options = {
        "animation": False,
        "tooltip": _tooltip("axis", unit),
        "grid": {"left": 8, "right": 40, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {"type": "category", "inverse": True, "data": list(values), **AXIS},
        "series": [
            {
                "type": "bar",
                "data": list(values.values()),
                "barMaxWidth": 18,
                "itemStyle": {"color": SERIES[0], "borderRadius": [0, 3, 3, 0]},
                "label": {"show": True, "position": "right", "color": "var(--ink)"},
            }
        ],
    }
    return _chart(words, options)


def _over_time(days: Sequence[str], names: list[str], series: list[dict[str, Any]], unit: str) -> dict[str, Any]:
    return {
        "animation": False,
        "tooltip": _tooltip("axis", unit),
        "legend": {
            "data": names,
            "left": 0,
            "top": 0,
            "icon": "roundRect",
            "itemWidth": 10,
            "itemHeight": 10,
            "textStyle": {"color": "var(--muted)"},
        },
        "grid": {"left": 4, "right": 8, "top": 34, "bottom": 2, "containLabel": True},
        "xAxis": {"type": "category", "data": list(days), **AXIS},
        "yAxis": {"type": "value", "minInterval": 1 if not unit else 0, **AXIS},
        "series": series,
    }


def _tooltip(trigger: str, unit: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "trigger": trigger,
        "axisPointer": {"type": "line", "lineStyle": {"color": "var(--edge)"}},
        "backgroundColor": "var(--raised)",
        "borderColor": "var(--line)",
        "textStyle": {"color": "var(--ink)", "fontSize": 12},
        "confine": True,
    }
    if unit:
        shown[":valueFormatter"] = f"value => value == null ? '–' : value + ' {unit}'"
    return shown


def _chart(words: str, options: dict[str, Any]) -> EChart:
    """`words` say what is drawn to whoever cannot see it."""
    chart = ui.echart(options, renderer="svg").classes("chart").props("role=img")
    chart.props["aria-label"] = words
    return chart
