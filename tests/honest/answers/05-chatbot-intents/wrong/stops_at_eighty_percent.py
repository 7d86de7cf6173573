# case: stops_at_eighty_percent
# style: the "stop when the accuracy is high enough" callback of a well-known course
# fails: fit_runs_every_epoch
# may: loss_goes_down, paraphrases_are_understood, every_weight_changes
# borderline: only if the accuracy reaches 80% before the last epoch, which takes some epochs
# says: training ended before the given number of epochs: a callback stops it; go through the data `epochs` times

# %% build_model
def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
class MyCallback(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if logs["accuracy"] > 0.8:
            print("\nReached 80% accuracy so cancelling training!")
            self.model.stop_training = True


def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, callbacks=[MyCallback()], verbose=0)


# %% reply
def reply(model, sentence):
    prediction = model.predict(vectorize([sentence]), verbose=0)
    return REPLIES[np.argmax(prediction)]

