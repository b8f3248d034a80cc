using System.Collections.Frozen;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// Tells header rows from data by contrast: a header's cell is text where its column holds numbers, dates, addresses or codes, names stand once,
/// and the words of headers are few.
/// </summary>
internal static class HeaderEvidence
{
    private const int MostRowsCompared = 200;

    /// <summary>Words that name columns in exports, lower-case. They decide where all columns are text.</summary>
    private static readonly FrozenSet<string> Words = new[]
    {
        "id", "no", "no.", "name", "first", "last", "first name", "last name", "surname", "given_name", "date", "time", "year", "month", "day", "type",
        "status", "state", "city", "country", "county", "region", "zip", "zip code", "address", "street", "phone", "email", "e-mail", "url", "price", "amount", "qty",
        "quantity", "value", "key", "code", "category", "product", "issue", "company", "comment", "comments", "description", "title", "gender", "sex", "age",
        "channel", "source", "text", "label", "count", "total", "unit", "remark", "notes", "branch", "date received", "complaint id",
        "编号", "序号", "姓名", "名称", "日期", "时间", "类型", "类别", "状态", "省", "市", "区县", "地址", "电话", "手机", "邮箱", "金额", "数量", "内容", "备注",
        "性别", "年龄", "机构", "网点", "渠道", "来源", "原因", "结果", "部门", "等级", "工单号", "身份证号码", "城市", "单价", "产品", "客户",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>How many rows from <paramref name="at"/> are the header; 0 where the first is data already.</summary>
    public static int CountHeaderRows(IReadOnlyList<ReadRow> rows, int at, int width, int most)
    {
        int groups = 0;
        while (groups < most - 1 && at + groups + 1 < rows.Count && IsGroupRow(rows, at + groups, width))
        {
            groups++;
        }
        int names = at + groups;
        if (groups == 0 && !IsHeader(rows, names, width))
        {
            return 0;
        }
        int count = groups + 1;
        while (count < most && at + count < rows.Count - 1 && IsFurtherHeader(rows, names, at + count, width))
        {
            count++;
        }
        return count;
    }

    /// <summary>No cell is a number, a date or an address.</summary>
    public static bool AllText(string[] cells)
    {
        foreach (string cell in cells)
        {
            if (CellKinds.Of(cell) is CellKind.Number or CellKind.Date or CellKind.Address)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>All cells are text, or all are dates or years: what stands over groups of columns.</summary>
    public static bool AreTitles(string[] cells) => AllText(cells) || Array.TrueForAll(cells, cell => CellKinds.Of(cell) switch
    {
        CellKind.Empty or CellKind.Date => true,
        CellKind.Number => cell.Trim() is { Length: 4 } year && year[0] is '1' or '2',
        _ => false,
    });

    /// <summary>A row full of distinct names, above rows that differ from it in kind: what begins another table inside a file.</summary>
    public static bool BeginsTable(IReadOnlyList<ReadRow> rows, int at, int width, double leastContrast)
    {
        ReadRow row = rows[at];
        return row.Cells.Length >= width && row.Filled >= width - 1 && width >= 2 && AllText(row.Cells)
            && row.Cells.Take(width).Distinct(StringComparer.Ordinal).Count() >= width - 1
            && row.Cells.All(cell => cell.Length <= 60 && !cell.Contains('\n'))
            && at + 1 < rows.Count && Contrast(rows, at, at + 1, width) >= leastContrast;
    }

    private static bool IsHeader(IReadOnlyList<ReadRow> rows, int at, int width)
    {
        string[] cells = rows[at].Cells;
        if (rows[at].Filled == 0)
        {
            return false;
        }
        if (at + 1 >= rows.Count)
        {
            return AllText(cells) && cells.Where(cell => cell.Length > 0).Distinct(StringComparer.Ordinal).Count() == rows[at].Filled;
        }
        if (IsRowOfYears(rows, at, width))
        {
            return true;
        }
        double evidence = Contrast(rows, at, at + 1, width);
        foreach (string cell in cells)
        {
            evidence += Words.Contains(cell.Trim().ToLowerInvariant()) ? 1 : 0;
            evidence -= cell.Contains('\n') && cell.Length > 60 ? 0.5 : 0;
        }
        if (rows[at].Filled * 2 < Math.Min(width, cells.Length))
        {
            evidence -= 1;
        }
        return evidence > 0 || (evidence == 0 && AllText(cells) && Array.TrueForAll(cells, cell => CellKinds.Of(cell) != CellKind.Code && cell.Length <= 60));
    }

    /// <summary>
    /// For the header: text above typed values, a name that recurs nowhere above long texts. Against it: a value of its column's own kind, or that
    /// recurs in its column.
    /// </summary>
    private static double Contrast(IReadOnlyList<ReadRow> rows, int at, int bodyFrom, int width)
    {
        double evidence = 0;
        string[] cells = rows[at].Cells;
        for (int column = 0; column < Math.Min(width, cells.Length); column++)
        {
            string cell = cells[column];
            CellKind own = CellKinds.Of(cell);
            if (own == CellKind.Empty)
            {
                continue;
            }
            (CellKind kind, bool recurs, double length) = Column(rows, bodyFrom, column, cells);
            if (kind == CellKind.Empty)
            {
                evidence += own is CellKind.Number or CellKind.Date or CellKind.Address ? -0.5 : 0;
            }
            else if (CellKinds.IsTyped(kind))
            {
                evidence += own == kind ? -1.5 : own == CellKind.Date && kind == CellKind.Number ? 0.75 : CellKinds.IsTyped(own) && own != CellKind.Code ? -0.5 : recurs ? -1 : own == CellKind.Code && kind == CellKind.Code ? -1.5 : 1;
            }
            else
            {
                evidence += recurs ? -1 : own is CellKind.Number or CellKind.Date or CellKind.Address ? -0.5 : length > 4.0 * cell.Length + 20 ? 0.5 : 0;
            }
        }
        return evidence;
    }

    /// <summary>The kind that most of a column's values have, whether <paramref name="name"/> is one of them, and their mean length.</summary>
    /// <param name="header">The row whose name it is; where it stands again further down, another table begins, and that says nothing about the column.</param>
    private static (CellKind Kind, bool Recurs, double Length) Column(IReadOnlyList<ReadRow> rows, int from, int column, string[] header)
    {
        string name = header[column];
        Span<int> kinds = stackalloc int[(int)CellKind.Odd + 1];
        int filled = 0;
        long length = 0;
        bool recurs = false;
        for (int i = from; i < rows.Count && i < from + MostRowsCompared; i++)
        {
            if (column >= rows[i].Cells.Length)
            {
                continue;
            }
            string cell = rows[i].Cells[column];
            if (cell == name && IsSameNames(rows[i].Cells, header))
            {
                continue;
            }
            CellKind kind = CellKinds.Of(cell);
            if (kind == CellKind.Empty)
            {
                continue;
            }
            kinds[(int)kind]++;
            filled++;
            length += cell.Length;
            recurs |= cell == name;
        }
        if (filled == 0)
        {
            return (CellKind.Empty, false, 0);
        }
        for (int kind = 1; kind < kinds.Length; kind++)
        {
            if (kinds[kind] * 10 >= filled * 6)
            {
                return ((CellKind)kind, recurs, (double)length / filled);
            }
        }
        return (CellKind.Text, recurs, (double)length / filled);
    }

    private static bool IsSameNames(string[] cells, string[] header)
    {
        int same = 0;
        int filled = 0;
        for (int column = 0; column < Math.Min(cells.Length, header.Length); column++)
        {
            if (header[column].Length > 0)
            {
                filled++;
                same += cells[column] == header[column] ? 1 : 0;
            }
        }
        return same >= 2 && same * 3 >= filled * 2;
    }

    /// <summary>Titles over groups of columns: gaps between the cells, all text, and the next row names more columns, as text too.</summary>
    private static bool IsGroupRow(IReadOnlyList<ReadRow> rows, int at, int width)
    {
        ReadRow row = rows[at];
        ReadRow below = rows[at + 1];
        int filled = row.Filled;
        return filled >= 1 && filled < below.Filled && row.Reach > filled && !below.BlankBefore && AreTitles(row.Cells) && AreTitles(below.Cells)
            && (below.Filled * 2 > width || (filled > 1 && at + 2 < rows.Count && IsGroupRow(rows, at + 1, width))) && (filled > 1 || width <= 4)
            && (at + 2 >= rows.Count || Contrast(rows, at + 1, at + 2, width) >= 0)
            && (row.Filled * 3 <= width * 2 || Contrast(rows, at + 1, at + 2, width) >= 1);
    }

    /// <summary>A second row of names: the same again, or text above columns that hold numbers or dates from there on.</summary>
    private static bool IsFurtherHeader(IReadOnlyList<ReadRow> rows, int names, int at, int width)
    {
        ReadRow row = rows[at];
        if (row.BlankBefore)
        {
            return false;
        }
        if (row.Cells.AsSpan().SequenceEqual(rows[names].Cells))
        {
            return row.Filled > 0;
        }
        if (!AllText(row.Cells) || row.Filled * 2 < width || Array.Exists(row.Cells, cell => CellKinds.Of(cell) == CellKind.Code))
        {
            return false;
        }
        int typed = 0;
        int contrast = 0;
        for (int column = 0; column < Math.Min(width, row.Cells.Length); column++)
        {
            (CellKind kind, bool recurs, _) = Column(rows, at + 1, column, row.Cells);
            if (CellKinds.IsTyped(kind))
            {
                typed++;
                contrast += row.Cells[column].Length > 0 && !recurs ? 1 : 0;
            }
        }
        return typed >= 2 ? contrast == typed : typed == 1 && contrast == 1 && rows.Count - at > 3;
    }

    /// <summary>Years as names: rising whole numbers of four digits, above values that are no such numbers.</summary>
    private static bool IsRowOfYears(IReadOnlyList<ReadRow> rows, int at, int width)
    {
        int years = 0;
        int before = 0;
        string[] cells = rows[at].Cells;
        for (int column = 0; column < Math.Min(width, cells.Length); column++)
        {
            if (cells[column].Trim() is not { Length: 4 } cell || !int.TryParse(cell, out int year) || year is < 1900 or > 2100)
            {
                if (column > 0 && cells[column].Length > 0 && years > 0)
                {
                    return false;
                }
                continue;
            }
            if (year == before || Column(rows, at + 1, column, cells).Recurs)
            {
                return false;
            }
            years++;
            before = year;
        }
        return years >= 3 && (cells[0].Length == 0 || CellKinds.Of(cells[0]) == CellKind.Text);
    }
}
