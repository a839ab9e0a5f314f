"""A file as analysts get them: a byte order mark, a header in need of mending, gaps, a constant column, words."""

from pathlib import Path

import numpy as np

MESSY, MENDED = "time, flow ,level,,flag,level", "time,flow,level,heat,flag,spare"


def write(file: Path, header: str) -> None:
    """Write 500 rows in which flow drives level one row later and level heat two rows later; with gaps."""
    noise = np.random.default_rng(11).standard_normal((500, 3))
    flow, level, heat = noise.T.copy()
    level[1:] += 0.8 * flow[:-1]
    heat[2:] -= 0.7 * level[:-2]
    lines = [header]
    for row, values in enumerate(zip(flow, level, heat, strict=True)):
        cells = ["" if (row + place) % 97 == 5 else f"{value:.4f}" for place, value in enumerate(values)]
        lines.append(f"day {row},{','.join(cells)},9,{row % 3}")
    file.write_text("\ufeff" + "\n".join(lines) + "\n")
