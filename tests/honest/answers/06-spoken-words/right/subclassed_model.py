# case: subclassed_model
# style: a class that derives from keras.Model, built by calling it once

# %% build_model
class WordNet(keras.Model):
    def __init__(self, n_words, filters=48, **kwargs):
        super().__init__(**kwargs)
        self.conv1 = keras.layers.Conv1D(filters, 5, padding="same", activation="relu")
        self.pool = keras.layers.MaxPooling1D(2)
        self.conv2 = keras.layers.Conv1D(filters, 3, padding="same", activation="relu")
        self.best = keras.layers.GlobalMaxPooling1D()
        self.dropout = keras.layers.Dropout(0.2)
        self.classify = keras.layers.Dense(n_words, activation="softmax")

    def call(self, clips, training=False):
        x = self.pool(self.conv1(clips))
        x = self.best(self.conv2(x))
        x = self.dropout(x, training=training)
        return self.classify(x)


def build_model(frames, mel_bins, n_words):
    model = WordNet(n_words)
    model(np.zeros((1, frames, mel_bins), dtype="float32"))    # creates the weights
    return model


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.002),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


# %% most_confused
from collections import defaultdict


def most_confused(model, x, y):
    counts = defaultdict(int)
    for true, row in zip(y, model.predict(x, verbose=0)):
        heard = row.argmax()
        if heard != true:
            counts[int(true), int(heard)] += 1
    most = max(counts.values(), default=0)
    return min((pair for pair, count in counts.items() if count == most), default=None)

