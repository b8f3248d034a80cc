using System.Collections.Frozen;

namespace Pipeline.Models.Text;

/// <summary>
/// Names of persons in running text, where something beside them says that they are names: a title behind a Chinese surname
/// (<c>张三先生</c>, <c>李经理</c>), a role before a full name (<c>客户李伟反映</c>), an English title (<c>Mr. Smith</c>).
/// A list of surnames and of characters that given names do not have keeps ordinary words apart; a name without such a sign is not
/// found, so the complainant's own name is passed as a known value.
/// </summary>
internal static class TitledNames
{
    private static readonly FrozenSet<char> Surnames = (
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹"
        + "孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒"
        + "阮柯纪梅童凌毕季裴霍涂苗谷曲盛冉翁蓝骆游辛靳欧柴蒙鲍华喻祁蒲滕屈饶解牟艾尤阳穆农司卓古吉缪简项芦麦褚娄窦戚岑景宫冷晏卫柏"
        + "宗瞿桂佟臧闵苟邬边卞姬仇栾隋刁沙荣巫寇桑郎甄丛仲虞敖巩佘池麻苑迟邝")
        .ToFrozenSet();

    private static readonly string[] CompoundSurnames =
        ["欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "长孙", "宇文", "夏侯", "端木", "百里", "南宫", "独孤"];

    private static readonly string[] Titles =
        [
            "先生", "女士", "小姐", "太太", "同志", "副行长", "行长", "客户经理", "大堂经理", "理财经理", "副经理", "经理", "主管", "主任", "柜员", "坐席", "客服",
            "老师", "师傅", "律师", "科长", "处长", "部长", "总监", "警官", "民警", "大夫", "医生", "老板", "阿姨", "大爷", "大叔", "大妈", "奶奶", "爷爷",
        ];

    private static readonly string[] Roles =
        [
            "客户", "投诉人", "来电人", "来访人", "来信人", "持卡人", "消费者", "借款人", "担保人", "申请人", "代理人", "联系人", "开户人", "户名", "姓名", "名叫", "我叫", "本人",
            "经理", "柜员", "主管", "主任", "行长", "坐席", "专员", "催收员", "业务员", "工作人员", "母亲", "父亲", "妻子", "丈夫", "儿子", "女儿", "配偶",
        ];

    private static readonly string[] AfterName =
        [
            "来电", "来访", "来信", "反映", "反应", "投诉", "致电", "表示", "称", "说", "要求", "认为", "诉称", "本人", "身份证", "电话", "手机", "联系", "先生", "女士", "的", "在", "于", "持", "与",
            "和", "到", "去", "办理", "名下", "告诉", "告知", "推荐", "承诺", "对",
        ];

    /// <summary>Characters that given names do not have, or that make a word of everyday speech with a surname before them.</summary>
    private static readonly FrozenSet<char> NeverGiven = (
        "的了是在和与及被把对向给要让叫不没有说这那个位名级副理财户业行部务堂何员现当前该些么什么也都就还又再已经只从到去来以为会能可应于至后里外上下次每多少几两六七八九十百千万亿元角分年月日号点时"
        + "者声忙喊款账卡钱额息贷存取费率投诉反映电话手机客服柜台网银支付系统问题面括排保全部体一般直接续次融基")
        .ToFrozenSet();

    /// <summary>Two characters of ordinary words that end with a surname: no name begins at the second one.</summary>
    private static readonly FrozenSet<string> WordsEndingInSurname = (
        "基金 资金 现金 奖金 本金 租金 黄金 年金 佣金 金额 对方 官方 双方 银方 我方 行方 警方 甲方 乙方 他方 地方 平安 公安 保安 西安 治安 不安 不许 也许 允许 或许 由于 关于 对于 属于 至于 等于 多于 "
        + "在于 位于 用于 终于 鉴于 基于 小于 大于 高于 低于 任何 如何 为何 因何 明白 空白 其余 剩余 业余 多余 最高 提高 流程 过程 工程 课程 全程 里程 盖章 规章 公章 签章 红包 钱包 阶段 时段 手段 主管 保管 监管 "
        + "上周 一周 每周 本周 下周 两周 立马 罗马 完成 不成 达成 造成 变成 事项 款项 各项 一项 要钱 还钱 交钱 花钱 退钱 存钱 取钱 价钱 收费 免费 缴费 还房 购房 住房 楼房 库房 停车 购车 汽车 安全 完全 齐全 "
        + "不全 当时 及时 同时 随时 按时 到时 平时 临时 小时 那时 老师 律师 说明 证明 声明 中文 条文 公文 单单 账单 订单 名单 菜单 存单 保单 回单 签单 简单 工单 传单 下单 清单 面向 方向 转向 了解 理解 和解 "
        + "调查 检查 核查 审查 查查 一席 主席 坐席 出席 客席 应应 反应 相应 供应 上任 责任 信任 主任 班主任 担任 前任 现任 新任 原任 离任 世界 其他 平和 总和 暖和 农农 三农 惠农 支农 助农 道路 网路 一路 马路 "
        + "线路 电路 高高 很高 太高 偏高 过高 血压高 不易 交易 容易 贸易 简易 出席 牛牛 宁宁 江江 长江 浙江 镇江 乐山 中华 精华 新华 光华 春华 一万 几万 十万 百万 多万 上万 千万 三万 两万 五万 米米 玉米 厘米 "
        + "司司 公司 打卡 连连 接连 曾曾 不曾 左左 前边 那边 这边 身边 旁边 一边 两边 柜员 保温 体温 新开 一关 有关 相关 机关 海关 闭关 把关 难关 重庆 健康 医保 不和 上游 旅游 下游 高龙 强盛 茂盛 丰盛 食品")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> WordsBeginningWithSurname = (
        "任何 高级 高管 周末 周一 周三 周四 周五 白天 金融 黄金 马上 安排 安保 包括 平时 常规 管理 万一 全体 方面 时任 何时 何种 和谐 成年 单位 华为 文明 明白 明确 应当 解释 关于 关注 连续 连同 全程 全额 严重 高度 安全 "
        + "温馨 石油 路过 车贷 房贷 左右 钱款 何况 于是 江苏 江西 宁波 宁夏 向来 易付 成都 成功 单独 应该 简单 查询 查看 查清 时常 时间 古稀 项目 房产 车辆 费用 解除 解决 商业 商户 沙发 米面 党员 农民 农户 农商 "
        + "盛怒 荣誉 师傅 游客 路边 阳台 曾经 曾多 曾于 曾在 曾向 曾来 路支 余额 文员 章程 段落 纪检 纪委 童年 连带 符合 包装 包办 易拉 全家 项下 申请 申诉 申明 尚未 尚在 左侧 康复 方可 方知 方才")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> EndingInSurname =
        WordsEndingInSurname.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> BeginningWithSurname =
        WordsBeginningWithSurname.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<char> TitleBeginnings = Titles.Select(t => t[0]).ToFrozenSet();
    private static readonly FrozenSet<char> RoleEnds = Roles.Select(r => r[^1]).ToFrozenSet();
    private static readonly FrozenSet<char> CompoundBeginnings = CompoundSurnames.Select(c => c[0]).ToFrozenSet();

    private static readonly string[] EnglishTitles = ["Mr", "Mrs", "Ms", "Dr"];

    /// <summary>Looks for a name that begins at <paramref name="at"/>; answers the position to go on from.</summary>
    internal static int Find(string text, int at, List<FreeTextScan.Span> spans)
    {
        char c = text[at];
        if (c is 'M' or 'D')
        {
            return English(text, at, spans);
        }
        if (!Widths.IsHan(c))
        {
            return at + 1;
        }
        int surname = SurnameLength(text, at);
        if (surname == 0 || IsInsideWord(text, at, surname))
        {
            return at + 1;
        }
        int end = WithTitle(text, at, surname);
        if (end == 0)
        {
            end = AfterRole(text, at, surname);
        }
        if (end == 0)
        {
            return at + 1;
        }
        spans.Add(new FreeTextScan.Span(at, end, string.Concat(text.AsSpan(at, 1), "**")));
        return end;
    }

    private static int SurnameLength(string text, int at)
    {
        if (CompoundBeginnings.Contains(text[at]))
        {
            foreach (string compound in CompoundSurnames)
            {
                if (Continues(text, at, compound))
                {
                    return 2;
                }
            }
        }
        return Surnames.Contains(text[at]) ? 1 : 0;
    }

    private static bool IsInsideWord(string text, int at, int surname) =>
        surname == 1
        && ((at > 0 && EndingInSurname.Contains(text.AsSpan(at - 1, 2)))
            || (at + 2 <= text.Length && BeginningWithSurname.Contains(text.AsSpan(at, 2))));

    /// <summary>The end of surname, up to two given characters and a title; 0 where there is none.</summary>
    private static int WithTitle(string text, int at, int surname)
    {
        for (int given = 0; given <= 2; given++)
        {
            int end = at + surname + given;
            if (end >= text.Length || (given > 0 && !CanBeGiven(text[end - 1])))
            {
                return 0;
            }
            if (!TitleBeginnings.Contains(text[end]))
            {
                continue;
            }
            foreach (string title in Titles)
            {
                if (Continues(text, end, title))
                {
                    return end + title.Length;
                }
            }
        }
        return 0;
    }

    /// <summary>The end of a full name (surname and one or two given characters) between a role and what ends a name; 0 where there is none.</summary>
    private static int AfterRole(string text, int at, int surname)
    {
        int before = at;
        if (before > 0 && text[before - 1] is ':' or '为' or '是' or ' ')
        {
            before--;
        }
        if (before == 0 || !RoleEnds.Contains(text[before - 1]))
        {
            return 0;
        }
        bool named = false;
        foreach (string role in Roles)
        {
            named |= before >= role.Length && string.CompareOrdinal(text, before - role.Length, role, 0, role.Length) == 0;
        }
        if (!named)
        {
            return 0;
        }
        for (int given = 2; given >= 1; given--)
        {
            int end = at + surname + given;
            if (end <= text.Length && AllGiven(text, at + surname, end) && EndsName(text, end))
            {
                return end;
            }
        }
        return 0;
    }

    private static bool AllGiven(string text, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            if (!CanBeGiven(text[i]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool CanBeGiven(char c) => Widths.IsHan(c) && !NeverGiven.Contains(c);

    private static bool EndsName(string text, int end)
    {
        if (end == text.Length || !Widths.IsHan(text[end]))
        {
            return true;
        }
        foreach (string next in AfterName)
        {
            if (Continues(text, end, next))
            {
                return true;
            }
        }
        return false;
    }

    private static int English(string text, int at, List<FreeTextScan.Span> spans)
    {
        if (at > 0 && char.IsLetterOrDigit(text[at - 1]))
        {
            return at + 1;
        }
        foreach (string title in EnglishTitles)
        {
            if (!Continues(text, at, title))
            {
                continue;
            }
            int start = at + title.Length;
            start += start < text.Length && text[start] == '.' ? 1 : 0;
            if (start + 1 >= text.Length || text[start] != ' ' || !char.IsAsciiLetterUpper(text[start + 1]))
            {
                continue;
            }
            start++;
            int end = EndOfWord(text, start);
            if (text.AsSpan(start, end - start).IndexOfAnyExcept('X') < 0)
            {
                return end; // already taken out by the publisher
            }
            for (int words = 1; words < 3 && end + 1 < text.Length && text[end] == ' ' && char.IsAsciiLetterUpper(text[end + 1])
                && EndOfWord(text, end + 1) - end > 2; words++)
            {
                end = EndOfWord(text, end + 1);
            }
            spans.Add(new FreeTextScan.Span(start, end, string.Concat(text.AsSpan(start, 1), "****")));
            return end;
        }
        return at + 1;
    }

    private static int EndOfWord(string text, int at)
    {
        while (at < text.Length && (char.IsLetter(text[at]) || text[at] is '\'' or '’' or '-'))
        {
            at++;
        }
        return at;
    }

    private static bool Continues(string text, int at, string word) =>
        at + word.Length <= text.Length && string.CompareOrdinal(text, at, word, 0, word.Length) == 0;
}
