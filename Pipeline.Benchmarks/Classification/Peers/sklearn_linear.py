"""A scikit-learn peer: TF-IDF and LinearSVC(C=0.5) on the parts that the benchmark wrote.

Usage: sklearn_linear.py FOLDER words|words_chars|chars ; writes FOLDER/answers.json.
"""
import json
import os
import resource
import sys
import time

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

PREDICTION_SECONDS = 3  # the texts are judged again and again for so long; the fastest time counts


def features(kind):
    if kind == "chars":
        return TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    if kind == "words":
        return words
    return make_union(words, TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2))


def read(path):
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows], [row["labels"] for row in rows]


def main(folder, kind):
    answers, train, predict, texts = [], 0.0, 0.0, 0
    part = 0
    while os.path.isdir(os.path.join(folder, f"part{part}")):
        known, labels = read(os.path.join(folder, f"part{part}", "train.jsonl"))
        unseen, _ = read(os.path.join(folder, f"part{part}", "test.jsonl"))
        start = time.perf_counter()
        vectors = features(kind)
        matrix = vectors.fit_transform(known)
        heads = []
        for head in range(len(labels[0])):
            has = numpy.array([i for i, row in enumerate(labels) if row[head] is not None])
            heads.append(LinearSVC(C=0.5).fit(matrix[has], [labels[i][head] for i in has]))
        train += time.perf_counter() - start
        best = float("inf")
        begun = time.perf_counter()
        while best == float("inf") or time.perf_counter() - begun < PREDICTION_SECONDS:
            start = time.perf_counter()
            seen = vectors.transform(unseen)
            own = [head.predict(seen) for head in heads]
            best = min(best, time.perf_counter() - start)
        predict += best
        texts += len(unseen)
        answers += [list(row) for row in zip(*own)]
        part += 1
    with open(os.path.join(folder, "answers.json"), "w", encoding="utf-8") as out:
        json.dump({
            "train_seconds": train,
            "texts_per_second": texts / predict,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "answers": answers,
        }, out, ensure_ascii=False)


main(sys.argv[1], sys.argv[2])
