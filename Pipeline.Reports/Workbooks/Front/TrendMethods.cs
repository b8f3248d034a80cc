using System.Globalization;
using Pipeline.Models.Measures.Series;
using Pipeline.Models.Taxonomy;

namespace Pipeline.Reports.Workbooks.Front;

/// <summary>The methods by which series are judged, with the papers that they come from and the thresholds in force.</summary>
internal static class TrendMethods
{
    public static IEnumerable<(string Name, string Text)> Of(Composer c)
    {
        SeriesRules r = c.Report.Rules.Trend;
        string level = Number(r.Level);
        yield return (
            c.T("是否超出偶然波动（件数）", "Beyond chance (counts)"),
            c.T($"本月件数与此前 {r.BaselineMonths} 个月比较，以各月天数为暴露。期望不足 {r.LeastExpected} 件或往月不足 {r.LeastMonths} 个月，不作判断；各序列波动不超过泊松的，用两个泊松率的精确条件检验（Przyborowski 与 Wilenski，Biometrika 31，1940），比值区间为 Clopper–Pearson（Biometrika 26，1934）；波动更大的（离散程度大于 1，见下），件数除以离散程度后同样检验（准泊松；等价于 Laney u′ 图放宽的控制限，Quality Engineering 14(4)，2002），否则全行共同起伏会造成多于预计的虚警。期望 {r.LeastExpected} 至 {r.ExactUpTo} 件的序列，“变动检验”另列精确检验的 p 值与比值区间；判断按“方法”一列。双侧 mid-p（Lancaster，JASA 56，1961）< {level} 判为超出。",
                $"The month's count against the {r.BaselineMonths} months before, the days of the months as exposure. No judgement where fewer than {r.LeastExpected} are expected or fewer than {r.LeastMonths} months stand. Where series vary no more than Poisson's: exact conditional test of two Poisson rates (Przyborowski and Wilenski, Biometrika 31, 1940), the interval of the ratio by Clopper and Pearson (Biometrika 26, 1934). Where they vary more (dispersion above 1, see below): the same on counts divided by their dispersion (quasi-Poisson; limits widened as those of Laney's u′ chart, Quality Engineering 14(4), 2002), because a common swing of all complaints would else give more false alarms than expected. Of series of {r.LeastExpected} to {r.ExactUpTo} expected the sheet of tests tells the exact test's p-value and interval beside; the verdict is by the column Method. Called real at two-sided mid-p (Lancaster, JASA 56, 1961) below {level}."));
        yield return (
            c.T("离散程度", "Dispersion"),
            c.T("各序列一并估计：均值为 m 的序列通常为 1 + κ·m（全行共同起伏，负二项），单个序列向通常值收缩（Smyth，SAGMB 3(1)，2004；Lund 等，SAGMB 11(5)，2012），其不确定性由 t 分布计入。",
                "Learned from all series together: usually 1 + κ·m for a series of mean m (a common swing of all complaints, negative binomial); single series are drawn towards the usual (Smyth, SAGMB 3(1), 2004; Lund et al., SAGMB 11(5), 2012), the uncertainty entering by Student's distribution."));
        yield return (
            c.T("趋势与季节", "Trend and season"),
            c.T($"往月满 {r.SeasonMonths} 个月时，拟合含趋势与年周期的准泊松回归；年周期仅在 p < {Number(r.SeasonLevel)} 时保留，趋势仅在 p < {Number(r.SeasonTrendLevel)} 且不外推到历史最高之外时保留，否则仍与此前 {r.BaselineMonths} 个月比较。可以指望：24 个月时，旺淡季上下 40% 的序列几乎都能识别，上下 20% 的在每月 50 件时约八成、200 件以上几乎全部识别，上下 10% 的在每月 50 件时不足两成、200 件以上五成以上。过去的异常月降权（Farrington 等，JRSS A 159，1996；Noufaily 等，Statistics in Medicine 32，2013）；因显著而保留的趋势与季节会被高估，按入选条件下的似然收缩，其不确定性计入预测（Zhong 与 Prentice，Biostatistics 9，2008）。",
                $"With {r.SeasonMonths} earlier months a quasi-Poisson regression with trend and yearly wave is fitted; a season is kept only where p < {Number(r.SeasonLevel)}, a trend only where p < {Number(r.SeasonTrendLevel)} and it does not lead beyond every month seen; else the month is set against the {r.BaselineMonths} months before. What to expect of 24 months: a season of 40% up and down is nearly always allowed for; of 20% in about eight of ten series of 50 a month and nearly all of 200 or more; of 10% in fewer than two of ten of 50 a month and half or more of those of 200 or more. Past outliers weigh less (Farrington et al., JRSS A 159, 1996; Noufaily et al., Statistics in Medicine 32, 2013). What was kept because it was significant is estimated too large: it is drawn back by its likelihood given that it was kept, and its uncertainty is part of the prediction (Zhong and Prentice, Biostatistics 9, 2008)."));
        yield return (
            c.T("基期剔除", "Months left out"),
            c.T($"基期内修正 z 值超过 {r.OutlyingScore} 的月份不计入（Iglewicz 与 Hoaglin，1993；残差取 Anscombe 型，尺度不小于泊松），至多剔除四分之一。",
                $"Months of the baseline whose modified z-score is beyond {r.OutlyingScore} are left out (Iglewicz and Hoaglin 1993; Anscombe residuals, the scale no smaller than Poisson's), at most {Composer.Percentage((decimal)r.MostLeftOut, 0)} of them."));
        yield return (
            c.T("是否超出偶然波动（比率）", "Beyond chance (shares)"),
            c.T("本月比率与此前合并比率作二项检验，方差按过离散程度（Laney p′，2002；由全部占比共同估计，往月自身波动明显更大的比率按自身计）和合并比率的不确定性（贝塔二项）放宽。",
                "The month's share against the pooled share before: binomial test, its variance widened by over-dispersion (as Laney's p′, 2002; learned from all shares together, a rate whose own months vary plainly more going by its own) and by the uncertainty of the pooled share (beta-binomial)."));
        yield return (
            c.T("缓慢漂移", "Slow drift"),
            c.T($"累积和图，以最早 {r.BaselineMonths} 个（窗口已覆盖的）月为基期；件数按 Lucas（Technometrics 27，1985）的参考值，占比按二项对数似然比（Hawkins 与 Olwell，1998）；要发现 {Number(r.DriftRatio)} 倍或一个标准差的变化，决策限使平均运行长度为 {r.DriftRunLength:0} 个月（Brook 与 Evans，Biometrika 59，1972）；单月贡献至多为决策限的 {Composer.Percentage((decimal)r.DriftMonthCap, 0)}，一两个月的尖峰不算漂移（Hawkins，1993）。",
                $"Cumulative sums with the first {r.BaselineMonths} months whose windows are covered as baseline; reference of counts by Lucas (Technometrics 27, 1985), of shares by the binomial likelihood ratio (Hawkins and Olwell 1998); tuned to {Number(r.DriftRatio)} times the start or one standard deviation, the limit such that the average run length is {r.DriftRunLength:0} months (Brook and Evans, Biometrika 59, 1972); one month adds at most {Composer.Percentage((decimal)r.DriftMonthCap, 0)} of the limit, so that spikes of one or two months are no drift (Hawkins 1993)."));
        yield return (
            c.T("多重比较", "Many tests at once"),
            c.T($"首页只写错误发现率不超过 {Composer.Percentage((decimal)r.FalseDiscoveryRate, 0)} 的变动（{(r.Dependence == "any" ? "Benjamini 与 Yekutieli，Annals of Statistics 29，2001" : "Benjamini 与 Hochberg，JRSS B 57，1995")}）；“变动检验”按超限程度（Farrington 等 1996）排列。虚警预计数为各检验实际可达水平之和：件数是整数，各检验的虚警概率略低或略高于名义水平。",
                $"The first page names only changes that stand at a false discovery rate of {Composer.Percentage((decimal)r.FalseDiscoveryRate, 0)} ({(r.Dependence == "any" ? "Benjamini and Yekutieli, Annals of Statistics 29, 2001" : "Benjamini and Hochberg, JRSS B 57, 1995")}); the sheet of tests is ordered by exceedance (Farrington et al. 1996). The expected number of false alarms is the sum of the levels that the tests reach: counts are whole numbers, so that a test reaches a little less or more than its nominal level."));
        yield return (
            c.T("首页怎样选句", "How sentences are chosen"),
            c.T($"{c.Noun(Dimensions.Business)}×{c.Noun(Dimensions.Cause)}的格子先于单列的{c.Noun(Dimensions.Business)}、{c.Noun(Dimensions.Cause)}；某一类成立而其格子期望太少时，写占其增量一半以上的格子；扣除已写格子的增量后仍在控制限内的，不重复写；由本月群诉或线索造成的，由群诉或线索一句说明。“集中在”指该{c.Noun(Dimensions.Branch)}占比超出其在其他投诉中占比所能解释的偶然（二项检验，Bonferroni）。",
                $"Cells of {c.Noun(Dimensions.Business)} and {c.Noun(Dimensions.Cause)} are named before classes of either alone; of a class that stands while its cells expect too few, the cell that makes at least half of its excess; what is within its limits once the excess of the cells named is taken away is not named again; what a group or pattern of the month makes is told by the group or pattern. Concentrated means that the {c.Noun(Dimensions.Branch)} has more of them than its part of all other complaints explains (binomial test, Bonferroni)."));
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
