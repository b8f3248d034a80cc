"""A fastText peer: supervised, word bigrams, 25 epochs, learning rate 0.5, one model for each head.

Usage: fasttext_words.py FOLDER words|chars ; "chars" puts a space after each character first. Writes FOLDER/answers.json.
"""
import json
import os
import resource
import sys
import time

import fasttext

PREDICTION_SECONDS = 3  # the texts are judged again and again for so long; the fastest time counts


def read(path, kind):
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [" ".join(row["text"].lower().split()) for row in rows]
    if kind == "chars":
        texts = [" ".join(text) for text in texts]
    return texts, [row["labels"] for row in rows]


def main(folder, kind):
    answers, train, predict, texts = [], 0.0, 0.0, 0
    part = 0
    while os.path.isdir(os.path.join(folder, f"part{part}")):
        known, labels = read(os.path.join(folder, f"part{part}", "train.jsonl"), kind)
        unseen, _ = read(os.path.join(folder, f"part{part}", "test.jsonl"), kind)
        own = []
        for head in range(len(labels[0])):
            classes = sorted({row[head] for row in labels if row[head] is not None})
            place = {name: i for i, name in enumerate(classes)}
            path = os.path.join(folder, "fasttext.txt")
            with open(path, "w", encoding="utf-8") as out:
                for text, row in zip(known, labels):
                    if row[head] is not None:
                        out.write(f"__label__{place[row[head]]} {text}\n")
            start = time.perf_counter()
            model = fasttext.train_supervised(path, wordNgrams=2, epoch=25, lr=0.5, thread=os.cpu_count(), verbose=0)
            train += time.perf_counter() - start
            best = float("inf")
            begun = time.perf_counter()
            while best == float("inf") or time.perf_counter() - begun < PREDICTION_SECONDS:
                start = time.perf_counter()
                found, _ = model.predict(unseen)
                best = min(best, time.perf_counter() - start)
            predict += best
            own.append([classes[int(one[0].replace("__label__", ""))] for one in found])
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
