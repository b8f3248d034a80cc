using System.Globalization;
using System.Text;
using Pipeline.Jobs.Ingest.Reading;

namespace Pipeline.Benchmarks.Complainants;

/// <summary>
/// Monthly exports of an invented bank of any size, from a seed, in the columns of the invented bank's own exports: places, classes and channels
/// are drawn from those, narratives are put together from the clauses of three of them. Names follow Zipf's law; a quarter of the complaints come
/// from somebody who complained before, mostly lately; identity numbers (region 990000), telephones and years of birth are often missing or
/// masked, one telephone in thirty is a family's and one in fifty an agent's, one name in fifty is misheard. Three in twenty cases are open at
/// the month's end and closed by the next export, three in two hundred arrive a month late.
/// </summary>
internal sealed class ExportGenerator
{
    private const int CaseNumber = 3;
    private const int Status = 6;
    private const int Received = 8;
    private const int Closed = 9;
    private const int Name = 11;
    private const int Gender = 12;
    private const int Identity = 17;
    private const int BirthYear = 18;
    private const int Contact = 19;
    private const int Reserved = 20;
    private const int Reply = 21;
    private const int Narrative = 22;
    private const int ReplyDate = 53;
    private const int FollowUpDate = 55;
    private const int Due = 65;
    private const string Families = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";
    private const string Given = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文斌宇浩凯健俊帆雪琳玲桐欣怡子轩雨晨辰博思远嘉慧颖佳鑫婷倩楠琪萱悦彤宏志海波鹏飞龙云天亮光辉春秋东晓彬彪振兴永福贵成德仁义礼信良善淑珍凤莲菊荣香月素云秋桃";

    private readonly Random random;
    private readonly List<string[]> pool = [];
    private readonly List<string> clauses = [];
    private readonly string[] header;
    private readonly List<Person> persons = [];
    private List<string[]> late = [];
    private List<string[]> open = [];
    private int cases;

    internal ExportGenerator(string folder, int seed)
    {
        random = new Random(seed);
        foreach (string path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            foreach (ITableSource table in TableReader.Open(path, new ReadOptions()))
            {
                using (table)
                {
                    foreach (TableRow row in table.Rows())
                    {
                        if (row.Cells.Length == 69 && row.Cells[CaseNumber].StartsWith("TS", StringComparison.Ordinal))
                        {
                            string[] cells = [.. row.Cells];
                            pool.Add(cells);
                            clauses.AddRange(cells[Narrative].Split(['，', '。', '；', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                                .Where(c => c.Length > 4 && c[0] is not ('=' or '+' or '-' or '@')));
                        }
                    }
                }
            }
        }
        header = [.. File.ReadLines(Path.Combine(folder, "2024-12.csv")).Take(3)];
    }

    /// <summary>Writes one export for each month, named after it.</summary>
    internal void Write(string folder, DateOnly first, int months, int complaints)
    {
        Directory.CreateDirectory(folder);
        for (int month = 0; month < months; month++)
        {
            DateOnly from = first.AddMonths(month);
            List<string[]> rows = [.. late, .. open.Select(o => Close(o, from))];
            (late, open) = ([], []);
            for (int i = 0; i < complaints; i++)
            {
                string[] row = Complaint(from);
                if (random.Next(200) < 3)
                {
                    late.Add(row);
                    continue;
                }
                if (random.Next(20) < 3)
                {
                    open.Add(row);
                }
                rows.Add(open.Count > 0 && ReferenceEquals(open[^1], row) ? row : Close(row, from));
            }
            using StreamWriter writer = new(Path.Combine(folder, from.ToString("yyyy-MM", CultureInfo.InvariantCulture) + ".csv"), false, new UTF8Encoding(true));
            foreach (string line in header)
            {
                writer.WriteLine(line);
            }
            foreach (string[] row in rows)
            {
                writer.WriteLine(string.Join(',', row.Select(Quoted)));
            }
        }
    }

    private string[] Complaint(DateOnly from)
    {
        string[] row = [.. pool[random.Next(pool.Count)]];
        Person person = persons.Count > 0 && random.Next(4) == 0 ? Earlier() : Newcomer();
        DateOnly day = from.AddDays(random.Next(DateTime.DaysInMonth(from.Year, from.Month)));
        row[CaseNumber] = string.Create(CultureInfo.InvariantCulture, $"TS{day:yyyyMMdd}{++cases:0000000}");
        row[4] = row[5] = "";
        row[Status] = "处理中";
        row[Received] = Text(day);
        row[Closed] = row[ReplyDate] = row[FollowUpDate] = "";
        row[Due] = Text(day.AddDays(15));
        row[Name] = random.Next(30) == 0 ? "" : random.Next(50) == 0 ? Misheard(person.Name) : person.Name;
        row[Gender] = random.Next(5) == 0 ? "" : person.Gender;
        (row[14], row[15], row[16]) = person.Home;
        row[Identity] = random.Next(10) switch { < 4 => "", < 6 => person.Identity[..6] + "********" + person.Identity[14..], _ => person.Identity };
        row[BirthYear] = random.Next(3) == 0 ? "" : person.Identity[6..10];
        string phone = random.Next(50) == 0 ? $"1700000{random.Next(40):0000}" : random.Next(4) == 0 ? Mobile() : person.Phone;
        row[Contact] = random.Next(5) == 0 ? "" : phone;
        row[Reserved] = random.Next(3) == 0 ? person.Phone : "";
        row[Reply] = random.Next(3) == 0 ? phone : "";
        row[Narrative] = string.Join('，', Enumerable.Range(0, random.Next(4, 14)).Select(_ => clauses[random.Next(clauses.Count)])) + "。";
        return row;
    }

    /// <summary>The row as the next export tells it.</summary>
    private string[] Close(string[] row, DateOnly from)
    {
        string[] closed = [.. row];
        DateOnly received = DateOnly.ParseExact(row[Received], "yyyy-MM-dd", CultureInfo.InvariantCulture);
        DateOnly day = received.AddDays(random.Next(1, 14));
        if (received < from)
        {
            day = from.AddDays(random.Next(3));
        }
        closed[Status] = "已办结";
        closed[Closed] = closed[ReplyDate] = Text(day);
        return closed;
    }

    private Person Earlier() => persons[persons.Count - 1 - (int)(persons.Count * Math.Pow(random.NextDouble(), 3))];

    private Person Newcomer()
    {
        string[] place = pool[random.Next(pool.Count)];
        string name = $"{Families[Zipf(Families.Length)]}{Given[Zipf(Given.Length)]}{(random.Next(5) == 0 ? "" : Given[Zipf(Given.Length)].ToString())}";
        string body = string.Create(CultureInfo.InvariantCulture, $"990000{random.Next(1945, 2005)}{random.Next(1, 13):00}{random.Next(1, 29):00}{random.Next(1000):000}");
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        string identity = body + "10X98765432"[body.Select((c, i) => (c - '0') * weights[i]).Sum() % 11];
        Person person = new(
            name, (body[16] - '0') % 2 == 1 ? "男" : "女", identity,
            persons.Count > 0 && random.Next(30) == 0 ? persons[^1].Phone : Mobile(), (place[14], place[15], place[16]));
        persons.Add(person);
        return person;
    }

    private string Misheard(string name) => name[..1] + Given[random.Next(Given.Length)] + name[Math.Min(2, name.Length)..];

    private string Mobile() => $"1{random.Next(3, 10)}{random.Next(1_000_000_000):000000000}";

    private int Zipf(int count) => Math.Min(count - 1, (int)Math.Exp(random.NextDouble() * Math.Log(count + 1)) - 1);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Quoted(string cell) => cell.AsSpan().IndexOfAny(',', '"', '\n') >= 0 ? '"' + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + '"' : cell;

    private sealed record Person(string Name, string Gender, string Identity, string Phone, (string, string, string) Home);
}
