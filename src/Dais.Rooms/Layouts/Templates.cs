namespace Dais.Rooms.Layouts;

/// <summary>The geometry of the templates. A portrait canvas is 9 wide and 16 high, so a square of width w is w * 9/16 high.</summary>
internal static class Templates
{
    private const double PortraitAspect = 9.0 / 16;

    /// <summary>Where the picture of a portrait template begins: room for the room's title above it.</summary>
    private const double Top = 0.216;

    /// <summary>As many squares in rows of three fit below <see cref="Top"/>; more, as of guests beside connected hosts, stand in
    /// rows of four.</summary>
    private const int GridMax = 12;

    /// <summary>600: one fills the canvas, two stand side by side, three are one large and two small, then rows of squares.</summary>
    internal static Region DynamicGrid(int position, int count) => count switch
    {
        1 => new Region(0, 0, 1, 1, 0),
        2 => new Region(position * 0.5, Top, 0.5, 0.5, 0),
        3 when position == 0 => new Region(0, Top, 2.0 / 3, Square(2.0 / 3), 0),
        3 => new Region(2.0 / 3, Top + ((position - 1) * Square(1.0 / 3)), 1.0 / 3, Square(1.0 / 3), 0),
        4 => Cell(position, count, 2),
        <= GridMax => Cell(position, count, 3),
        _ => Cell(position, count, 4),
    };

    /// <summary>601: the first fills the canvas; the others float on it, up along the right edge, then down along the left. More
    /// than ten are smaller.</summary>
    internal static Region Float(int position, int count)
    {
        const double right = 0.976;
        const double left = 0.024;
        const double bottom = 0.95;
        if (position == 0 || count == 1)
        {
            return new Region(0, 0, 1, 1, 0);
        }

        var (perColumn, width, height, step) = count <= 11 ? (5, 0.1875, 0.16, 0.17) : (9, 0.1125, 0.096, 0.1);
        int guest = position - 1;
        return guest < perColumn
            ? new Region(right - width, bottom - height - (guest * step), width, height, 1)
            : new Region(left, bottom - height - ((perColumn - 1 - (guest % perColumn)) * step), width, height, 1);
    }

    /// <summary>400: two hosts side by side, each on their half even while the other is not there.</summary>
    internal static Region HalfAndHalf(int position) => new(position * 0.5, 0, 0.5, 1, 0);

    /// <summary>2: voices, as squares none of which is larger than half the canvas is wide.</summary>
    internal static Region VoiceTiles(int position, int count) => count switch
    {
        1 => new Region(0.25, Top, 0.5, Square(0.5), 0),
        <= 4 => Cell(position, count, 2),
        <= GridMax => Cell(position, count, 3),
        _ => Cell(position, count, 4),
    };

    /// <summary>800: three by three squares, one per seat.</summary>
    internal static Region FixedGrid(int seat) => Cell(seat, 9, 3);

    /// <summary>801: seat 0 large on the left, the other six in a column on the right.</summary>
    internal static Region LargeAndColumn(int seat)
    {
        const double column = 0.25;
        const double top = 0.078;
        double cell = Square(column);
        return seat == 0
            ? new Region(0, top, 1 - column, 6 * cell, 0)
            : new Region(1 - column, top + ((seat - 1) * cell), column, cell, 0);
    }

    /// <summary>Landscape: equal cells that fill the canvas.</summary>
    internal static Region EvenGrid(int position, int count)
    {
        int columns = (int)Math.Ceiling(Math.Sqrt(count));
        int rows = (count + columns - 1) / columns;
        double width = 1.0 / columns;
        double height = 1.0 / rows;
        int row = position / columns;
        return new Region(Indent(row, count, columns, width) + (position % columns * width), row * height, width, height, 0);
    }

    /// <summary>A square of a portrait grid.</summary>
    private static Region Cell(int position, int count, int columns)
    {
        double width = 1.0 / columns;
        int row = position / columns;
        double x = Indent(row, count, columns, width) + (position % columns * width);
        return new Region(x, Top + (row * Square(width)), width, Square(width), 0);
    }

    /// <summary>How far a last row that is not full is moved in, so that it stands in the middle.</summary>
    private static double Indent(int row, int count, int columns, double width)
    {
        int inRow = Math.Min(columns, count - (row * columns));
        return (columns - inRow) * width / 2;
    }

    private static double Square(double width) => width * PortraitAspect;
}
